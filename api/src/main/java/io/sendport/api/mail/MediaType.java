package io.sendport.api.mail;

import io.sendport.support.text.Text;
import java.util.regex.Pattern;

/**
 * A media type with its parameters as in a Content-Type field (RFC 2045 section 5.1), without comments.
 *
 * @param text such as {@code text/plain; charset=utf-8}; at most 1,000 characters
 */
public record MediaType(String text) {

    private static final int MAX_LENGTH = 1_000;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z{}-]++";
    private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*+\"";
    private static final Pattern WELL_FORMED = Pattern.compile(TOKEN + "/" + TOKEN + "(?:[ \\t]*+;[ \\t]*+" + TOKEN
            + "[ \\t]*+=[ \\t]*+(?:" + TOKEN + "|" + QUOTED + "))*+[ \\t]*+;?+[ \\t]*+");

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException when it is not well-formed; the message quotes the text and says what was expected
     */
    public MediaType {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException("content type \"" + Text.printable(text)
                    + "\" is not well-formed; expected type/subtype and parameters, such as text/plain; charset=utf-8");
        }
    }

    /** Whether {@code text} is a media type. */
    public static boolean isWellFormed(String text) {
        return text.length() <= MAX_LENGTH && WELL_FORMED.matcher(text).matches();
    }
}
