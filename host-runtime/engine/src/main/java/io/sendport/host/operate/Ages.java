package io.sendport.host.operate;

import java.time.Duration;

/** Formats durations for users. */
public final class Ages {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Ages() {}

    /** Formats a duration in one unit, rounded down: {@code 4s}, {@code 12m}, {@code 3h} or {@code 5d}. */
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
