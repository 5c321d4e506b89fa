package io.sendport.support;

import java.util.regex.Pattern;

/** Patterns in which {@code *} matches any text and everything else is literal. */
public final class Wildcard {

    private Wildcard() {}

    /** The regular expression for {@code text}; it must match a whole text. */
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
