package io.sendport.support;

import java.util.regex.Pattern;

/** Patterns that people write with {@code *} for any text; all else stands for itself. */
public final class Wildcard {

    private Wildcard() {}

    /** As a regular expression for a whole text. */
    public static Pattern pattern(String text) {
        return pattern(text, 0);
    }

    /**
     * As {@link #pattern(String)}.
     *
     * @param flags those of {@link Pattern}
     */
    public static Pattern pattern(String text, int flags) {
        return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"), flags);
    }
}
