package io.sendport.config.port;

import java.time.Duration;
import java.util.Optional;

/**
 * The {@code <retry>} element: BizTalk's retry count and interval, with additions.
 *
 * @param count retries after the first attempt, 0 to 1000
 * @param interval wait before the first retry
 * @param backoff factor by which each wait is longer than the previous one, 1 to 10
 * @param maxInterval longest wait
 * @param maxAge a message older than this is not retried
 * @param hold whether a delivery in doubt waits for an operator instead of being resent with the same Message-ID
 */
public record RetryRule(
        int count,
        Duration interval,
        double backoff,
        Optional<Duration> maxInterval,
        Optional<Duration> maxAge,
        boolean hold) {

    /** BizTalk's default: three retries, five minutes apart. */
    public static final RetryRule DEFAULT =
            new RetryRule(3, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), false);

    /** The wait after {@code failed} attempts; {@code failed} is at least 1. */
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
