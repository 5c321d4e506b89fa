package io.sendport.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Encoded words (RFC 2047), and the decoding of quoted-printable. */
public final class EncodedWords {

    private static final Pattern WORD = Pattern.compile("=\\?([^?*]+)(?:\\*[^?]*)?\\?([BbQq])\\?([^?]*)\\?=");
    private static final Pattern BETWEEN = Pattern.compile("(\\?=)\\s+(=\\?)");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** An encoded word has at most 75 characters (RFC 2047 section 2). */
    private static final int WORD_BYTES = 45;

    private EncodedWords() {}

    /** The text as encoded words in UTF-8 and base64, with a space between them. None of them ends within a character. */
    public static String encoded(String text) {
        StringBuilder words = new StringBuilder();
        StringBuilder chunk = new StringBuilder();
        int bytes = 0;
        for (int codePoint : text.codePoints().toArray()) {
            int length = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (bytes + length > WORD_BYTES) {
                appendWord(words, chunk);
                bytes = 0;
            }
            chunk.appendCodePoint(codePoint);
            bytes += length;
        }
        appendWord(words, chunk);
        return words.toString();
    }

    private static void appendWord(StringBuilder words, StringBuilder chunk) {
        if (!words.isEmpty()) {
            words.append(' ');
        }
        words.append("=?UTF-8?B?")
                .append(Base64.getEncoder().encodeToString(chunk.toString().getBytes(StandardCharsets.UTF_8)))
                .append("?=");
        chunk.setLength(0);
    }

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
