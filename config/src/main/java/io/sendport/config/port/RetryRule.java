package io.sendport.config.port;

import java.time.Duration;
import java.util.Optional;

/**
 * The {@code <retry>} element: BizTalk's retry count and interval, and what it lacks.
 *
 * @param count tries after the first, 0 to 1000
 * @param interval wait before the first of them
 * @param backoff each wait is so many times the one before, 1 to 10
 * @param maxInterval longest wait
 * @param maxAge a message older than this is not tried again
 * @param hold whether a delivery in doubt waits for a person instead of being sent again with the same Message-ID
 */
public record RetryRule(
        int count,
        Duration interval,
        double backoff,
        Optional<Duration> maxInterval,
        Optional<Duration> maxAge,
        boolean hold) {

    /** BizTalk's default: three more tries, five minutes apart. */
    public static final RetryRule DEFAULT =
            new RetryRule(3, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), false);

    /** The wait after {@code failed} attempts, at least one. */
    public Duration waitAfter(int failed) {
        double seconds = interval.toMillis() / 1000.0 * Math.pow(backoff, Math.max(0, failed - 1));
        double longest = maxInterval.map(limit -> limit.toMillis() / 1000.0).orElse(366.0 * 86_400);
        return Duration.ofMillis(Math.round(Math.min(seconds, longest) * 1000));
    }

    /** The longest wait between two attempts. */
    public Duration longestWait() {
        return waitAfter(Math.max(1, count));
    }
}
