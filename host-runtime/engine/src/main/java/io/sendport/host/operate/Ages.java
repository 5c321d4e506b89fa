package io.sendport.host.operate;

import java.time.Duration;

/** Durations for people. */
public final class Ages {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Ages() {}

    /** {@code 4s}, {@code 12m}, {@code 3h}, {@code 5d}: rounded down. */
    public static String brief(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < MINUTE) {
            return seconds + "s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + "m";
        }
        return seconds < DAY ? seconds / HOUR + "h" : seconds / DAY + "d";
    }
}
