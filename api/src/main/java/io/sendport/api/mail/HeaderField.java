package io.sendport.api.mail;

import io.sendport.support.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * One header field, unfolded and in the form it has on the wire (RFC 5322 section 2.2). The name is printable ASCII without a colon; the
 * value is printable ASCII, space and tab. An address field may hold letters beyond ASCII (RFC 6532), for addresses that have no other
 * form. No other field can be created, so no other field can be sent.
 *
 * @param name such as {@code Subject}
 * @param value with encoded words and parameters already encoded (RFC 2047, RFC 2231)
 */
public record HeaderField(String name, String value) {

    private static final Set<String> ADDRESS_FIELDS = Set.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "disposition-notification-to",
            "resent-from",
            "resent-sender",
            "resent-to",
            "resent-cc",
            "resent-reply-to",
            "apparently-to",
            "delivered-to",
            "errors-to",
            "mail-followup-to",
            "mail-reply-to",
            "return-receipt-to",
            "x-confirm-reading-to");
    private static final int FOLD_AT = 78;
    private static final int MAX_LINE = 998;

    /**
     * Checks name and value.
     *
     * @throws IllegalArgumentException when a character is not allowed, or a word is longer than the line limit
     */
    public HeaderField {
        if (name.isEmpty() || name.length() > 200 || !name.chars().allMatch(c -> c > 32 && c < 127 && c != ':')) {
            throw new IllegalArgumentException("header field name \"" + Text.printable(name)
                    + "\": expected 1 to 200 printable ASCII characters without space and colon");
        }
        boolean addresses = holdsAddresses(name);
        Text.locate(value, c -> !isAllowed(c, addresses)).ifPresent(found -> {
            throw new IllegalArgumentException("header field " + name + ": the value has " + found
                    + ", which is not allowed in a header field; remove it"
                    + (addresses ? "" : ", or encode it (RFC 2047) if it is not ASCII"));
        });
        value = value.strip();
        // A char takes at most three bytes.
        if (3 * value.length() + name.length() + 2 > MAX_LINE) {
            requireWordsThatFit(name, value);
        }
    }

    private static boolean isAllowed(int c, boolean isAddress) {
        return isAddress ? !Text.isHarmful(c) : c == '\t' || (c >= 32 && c < 127);
    }

    private static void requireWordsThatFit(String name, String value) {
        for (String word : value.split("[ \t]+")) {
            if (word.getBytes(StandardCharsets.UTF_8).length + name.length() + 2 > MAX_LINE) {
                throw new IllegalArgumentException("header field " + name + ": a word of " + word.length()
                        + " characters does not fit on a line: the name and a word together may have at most "
                        + MAX_LINE
                        + " bytes; shorten the word");
            }
        }
    }

    /** Whether the field with this name, in any case, is a list of addresses. */
    public static boolean holdsAddresses(String name) {
        return ADDRESS_FIELDS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The field as on the wire: folded before a space where a line would exceed 78 characters, and ended by CRLF. */
    public String folded() {
        StringBuilder folded = new StringBuilder(name.length() + value.length() + 16);
        folded.append(name).append(':');
        int column = name.length() + 1;
        int i = 0;
        while (i < value.length()) {
            int end = wordEnd(i);
            if (column + 1 + (end - i) > FOLD_AT && column > name.length() + 1) {
                folded.append("\r\n");
                column = 0;
            }
            if (i == 0 || (column == 0 && !isSpace(value.charAt(i)))) {
                folded.append(' ');
                column++;
            }
            folded.append(value, i, end);
            column += end - i;
            i = end;
        }
        return folded.append("\r\n").toString();
    }

    /** The end of the white space and the word that starts at {@code start}. */
    private int wordEnd(int start) {
        int i = start;
        while (i < value.length() && isSpace(value.charAt(i))) {
            i++;
        }
        while (i < value.length() && !isSpace(value.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
