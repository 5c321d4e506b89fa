package io.sendport.api.adapter;

/**
 * The result of one check of the connection to a server.
 *
 * @param level how severe it is
 * @param check what was checked, such as {@code dns} or {@code port 587}
 * @param result what was found
 * @param advice what to do about it; empty when nothing needs to be done
 */
public record Finding(Level level, String check, String result, String advice) {

    /** How severe a finding is. */
    public enum Level {
        /** Nothing is wrong. */
        OK,
        /** It works, but an operator should look at it. */
        WARN,
        /** Nothing can be sent until this is fixed. */
        FAIL
    }

    /** A finding of level {@link Level#OK}. */
    public static Finding ok(String check, String result) {
        return new Finding(Level.OK, check, result, "");
    }

    /** A finding of level {@link Level#WARN}. */
    public static Finding warn(String check, String result, String advice) {
        return new Finding(Level.WARN, check, result, advice);
    }

    /** A finding of level {@link Level#FAIL}. */
    public static Finding fail(String check, String result, String advice) {
        return new Finding(Level.FAIL, check, result, advice);
    }
}
