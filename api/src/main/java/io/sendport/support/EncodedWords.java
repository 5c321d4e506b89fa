package io.sendport.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes the encodings of RFC 2047 and quoted-printable. */
public final class EncodedWords {

    private static final Pattern WORD = Pattern.compile("=\\?([^?*]+)(?:\\*[^?]*)?\\?([BbQq])\\?([^?]*)\\?=");
    private static final Pattern BETWEEN = Pattern.compile("(\\?=)\\s+(=\\?)");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private EncodedWords() {}

    /** The text of a header field. A word that cannot be decoded stays unchanged; control characters become spaces. */
    public static String decoded(String value) {
        return CONTROL.matcher(text(value)).replaceAll(" ");
    }

    /** As {@link #decoded}, but keeps control characters that an encoded word may hide. */
    public static String text(String value) {
        if (!value.contains("=?")) {
            return value;
        }
        StringBuilder text = new StringBuilder();
        Matcher matcher = WORD.matcher(BETWEEN.matcher(value).replaceAll("$1$2"));
        while (matcher.find()) {
            matcher.appendReplacement(text, Matcher.quoteReplacement(word(matcher)));
        }
        return matcher.appendTail(text).toString();
    }

    private static String word(Matcher matcher) {
        try {
            byte[] bytes = matcher.group(2).equalsIgnoreCase("B")
                    ? Base64.getDecoder().decode(matcher.group(3))
                    : quotedPrintable(matcher.group(3).replace('_', ' ').getBytes(StandardCharsets.US_ASCII));
            return new String(bytes, Charset.forName(matcher.group(1)));
        } catch (IllegalArgumentException e) {
            return matcher.group();
        }
    }

    /**
     * Decodes quoted-printable text (RFC 2045 section 6.7).
     *
     * @throws IllegalArgumentException when an escape sequence is not valid
     */
    public static byte[] quotedPrintable(byte[] encoded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '=') {
                decoded.write(encoded[i]);
            } else if (i + 2 < encoded.length && encoded[i + 1] == '\r' && encoded[i + 2] == '\n') {
                i += 2;
            } else if (i + 2 < encoded.length) {
                decoded.write(Integer.parseInt(new String(encoded, i + 1, 2, StandardCharsets.US_ASCII), 16));
                i += 2;
            } else {
                throw new IllegalArgumentException("the quoted-printable text ends within an escape sequence");
            }
        }
        return decoded.toByteArray();
    }
}
