package io.sendport.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IP addresses: {@code 10.1.0.0/16}, {@code 2001:db8::/32}, or one address (RFC 4632, RFC 4291 section 2.3). Immutable.
 *
 * @param text as it was written
 * @param first the network address; only its first {@code bits} bits count
 * @param bits the prefix length
 */
public record Network(String text, InetAddress first, int bits) {

    /** Allows only digits, hexadecimal letters, dots and colons, so that no name is looked up. */
    private static final Pattern FORM = Pattern.compile("([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

    /**
     * Parses a range.
     *
     * @throws IllegalArgumentException when it is not a range; the message says what was expected
     */
    public static Network parse(String text) {
        Matcher form = FORM.matcher(text);
        try {
            if (form.matches()) {
                InetAddress address = InetAddress.getByName(form.group(1));
                int all = address.getAddress().length * 8;
                int bits = form.group(2) == null ? all : Integer.parseInt(form.group(2));
                if (bits <= all) {
                    return new Network(text, address, bits);
                }
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(refusal(text), e);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    private static String refusal(String text) {
        return "\"" + text + "\" is not a network; expected a network such as 10.1.0.0/16, 10.1.2.3 or 2001:db8::/32";
    }

    /** Whether {@code address} is in this range. */
    public boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
