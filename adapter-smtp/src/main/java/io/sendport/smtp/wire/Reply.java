package io.sendport.smtp.wire;

import io.sendport.support.text.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's answer (RFC 5321 section 4.2), or our own words where none came.
 *
 * @param code three digits, or 0 when no answer came
 * @param enhanced the enhanced status code (RFC 3463) such as {@code 4.3.2}; may be empty
 * @param text the rest, cleaned of control characters, at most 1,000 characters
 */
public record Reply(int code, String enhanced, String text) {

    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?:\\s+|$)");

    /** Cleans the text. */
    public Reply {
        text = Text.printable(text, 1_000);
    }

    /** The answer {@code code text}, its enhanced code taken out of the text. */
    public static Reply of(int code, String text) {
        Matcher matcher = ENHANCED.matcher(text);
        return matcher.lookingAt()
                ? new Reply(code, matcher.group(1), text.substring(matcher.end()))
                : new Reply(code, "", text);
    }

    /** No answer came; {@code text} says what happened instead. */
    public static Reply none(String text) {
        return new Reply(0, "", text);
    }

    /** Whether the server said that a later try may do. */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /** Whether the server said no for good. */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    @Override
    public String toString() {
        if (code == 0) {
            return text;
        }
        return code + (enhanced.isEmpty() ? "" : " " + enhanced) + (text.isEmpty() ? "" : " " + text);
    }
}
