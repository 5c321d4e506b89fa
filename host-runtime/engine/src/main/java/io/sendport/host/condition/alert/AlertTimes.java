package io.sendport.host.condition.alert;

import java.time.Duration;

/**
 * How long conditions last before people receive a message. No time is negative.
 *
 * @param pending how long a condition must last before an alert
 * @param calm how long it must be gone before it counts as recovered
 * @param reminder how long after a message a reminder of conditions that still last follows; zero for never
 */
public record AlertTimes(Duration pending, Duration calm, Duration reminder) {

    private static final Duration MAX_GATHERING = Duration.ofMinutes(1);
    private static final int PART = 5;

    /** The time for which a due alert waits for others, so that conditions that changed together are in the same message: a fifth, at most a minute. */
    static Duration gathering(Duration time) {
        Duration part = time.dividedBy(PART);
        return part.compareTo(MAX_GATHERING) < 0 ? part : MAX_GATHERING;
    }
}
