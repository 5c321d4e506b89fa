package io.sendport.support;

import io.sendport.support.text.Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A {@code mailto:} address (RFC 6068): recipients, and fields such as {@code cc}, {@code bcc}, {@code subject}, {@code from} and {@code
 * body}.
 *
 * @param to a list of addresses, as people write it; may be empty
 * @param fields by name in lower case; a field {@code to} is added to {@link #to}
 */
public record Mailto(String to, Map<String, String> fields) {

    private static final String SCHEME = "mailto:";
    private static final Set<String> KNOWN = Set.of("to", "cc", "bcc", "subject", "from", "body", "reply-to");

    /**
     * Parses an address; the scheme is optional.
     *
     * @throws IllegalArgumentException when an escape sequence is not valid, or a field is not known
     */
    public static Mailto parse(String uri) {
        String rest = uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? uri.substring(SCHEME.length()) : uri;
        int question = rest.indexOf('?');
        StringBuilder to = new StringBuilder(decoded(question < 0 ? rest : rest.substring(0, question), uri));
        Map<String, String> fields = new LinkedHashMap<>();
        if (question >= 0) {
            for (String pair : rest.substring(question + 1).split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0
                        ? pair
                        : decoded(pair.substring(0, equals), uri).toLowerCase(Locale.ROOT);
                if (equals < 0 || !KNOWN.contains(name)) {
                    throw new IllegalArgumentException("address \"" + Text.printable(uri) + "\": the field \""
                            + Text.printable(name)
                            + (equals < 0
                                    ? "\" has no =, expected NAME=VALUE"
                                    : "\" is not known, expected one of " + KNOWN));
                }
                String value = decoded(pair.substring(equals + 1), uri);
                if (name.equals("to")) {
                    to.append(to.isEmpty() || value.isEmpty() ? "" : ", ").append(value);
                } else if (fields.put(name, value) != null) {
                    throw new IllegalArgumentException(
                            "address \"" + Text.printable(uri) + "\": has the field " + name + " twice");
                }
            }
        }
        return new Mailto(to.toString(), Map.copyOf(fields));
    }

    private static String decoded(String text, String whole) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int value = i + 2 < text.length() ? hex(text.charAt(i + 1)) * 16 + hex(text.charAt(i + 2)) : -1;
            if (value < 0) {
                throw new IllegalArgumentException("address \"" + Text.printable(whole)
                        + "\": has a % without two hexadecimal digits after it; write a percent sign as %25");
            }
            bytes.write(value);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("address \"" + Text.printable(whole) + "\": is not valid UTF-8", e);
        }
    }

    private static int hex(char c) {
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        return digit < 0 ? -1_000 : digit;
    }
}
