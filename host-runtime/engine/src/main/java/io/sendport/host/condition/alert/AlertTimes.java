package io.sendport.host.condition.alert;

import java.time.Duration;

/**
 * The durations that decide when alerts are sent. None is negative.
 *
 * @param pending how long a condition must last before an alert
 * @param calm how long a condition must be gone before a recovery alert
 * @param reminder how long after the last alert a reminder follows, if the condition still lasts; zero turns reminders off
 */
public record AlertTimes(Duration pending, Duration calm, Duration reminder) {

    private static final Duration MAX_GROUPING_DELAY = Duration.ofMinutes(1);
    private static final int DIVISOR = 5;

    /**
     * Returns how long a due alert waits for other conditions, so that a single alert reports all that changed together. The delay is a
     * fifth of {@code time}, at most one minute.
     */
    static Duration groupingDelay(Duration time) {
        Duration part = time.dividedBy(DIVISOR);
        return part.compareTo(MAX_GROUPING_DELAY) < 0 ? part : MAX_GROUPING_DELAY;
    }
}
