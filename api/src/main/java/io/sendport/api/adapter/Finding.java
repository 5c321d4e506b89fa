package io.sendport.api.adapter;

/**
 * What one check of the way to a server found.
 *
 * @param level how bad
 * @param check what was looked at, such as {@code dns} or {@code port 587}
 * @param result what was found
 * @param advice what to do about it; empty where there is nothing to do
 */
public record Finding(Level level, String check, String result, String advice) {

    /** How bad a finding is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** It works, but someone should look. */
        WARN,
        /** Nothing is sent like this. */
        FAIL
    }

    /** As it should be. */
    public static Finding ok(String check, String result) {
        return new Finding(Level.OK, check, result, "");
    }

    /** Someone should look. */
    public static Finding warn(String check, String result, String advice) {
        return new Finding(Level.WARN, check, result, advice);
    }

    /** Nothing is sent like this. */
    public static Finding fail(String check, String result, String advice) {
        return new Finding(Level.FAIL, check, result, advice);
    }
}
