package io.sendport.smtp.wire;

import io.sendport.support.text.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's reply (RFC 5321 section 4.2), or Sendport's own text when there was none.
 *
 * @param code three digits, or 0 without a reply
 * @param enhanced the enhanced status code (RFC 3463) such as {@code 4.3.2}; may be empty
 * @param text the rest without control characters, at most 1,000 characters
 */
public record Reply(int code, String enhanced, String text) {

    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?:\\s+|$)");

    /** Removes control characters from the text. */
    public Reply {
        text = Text.printable(text, 1_000);
    }

    /** The reply {@code code text}, with the enhanced code extracted from the text. */
    public static Reply of(int code, String text) {
        Matcher matcher = ENHANCED.matcher(text);
        return matcher.lookingAt()
                ? new Reply(code, matcher.group(1), text.substring(matcher.end()))
                : new Reply(code, "", text);
    }

    /** No reply came; {@code text} says what happened instead. */
    public static Reply none(String text) {
        return new Reply(0, "", text);
    }

    /** Whether the server says that a later attempt may succeed. */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /** Whether the server refuses permanently. */
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
