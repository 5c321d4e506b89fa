package io.sendport.host.condition;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides how much a failure matters. It starts as {@link Severity#INFO} and becomes {@link Severity#ATTENTION} after three failures or
 * five minutes. It becomes {@link Severity#FAILING} once work has waited for five minutes without a success. A single deferral or
 * greylisting therefore raises no alarm.
 */
public final class Escalation {

    /** The number of consecutive failures that need an operator. */
    public static final int FAILURES = 3;

    /** The duration after which a failure needs an operator. */
    public static final Duration LASTING = Duration.ofMinutes(5);

    private Escalation() {}

    /**
     * Returns the severity of a repeated failure.
     *
     * @param failures the number of consecutive failures so far
     * @param since when the first of them occurred
     * @param now the current time
     * @param waits whether work waits until the failure ends
     * @param lastSuccess the time of the last success; empty when unknown, which counts as long ago
     */
    public static Severity of(long failures, Instant since, Instant now, boolean waits, Optional<Instant> lastSuccess) {
        boolean isLasting = isLasting(since, now);
        boolean isLongSinceSuccess =
                lastSuccess.map(success -> isLasting(success, now)).orElse(true);
        if (isLasting && waits && isLongSinceSuccess) {
            return Severity.FAILING;
        }
        return isLasting || failures >= FAILURES ? Severity.ATTENTION : Severity.INFO;
    }

    private static boolean isLasting(Instant since, Instant now) {
        return Duration.between(since, now).compareTo(LASTING) >= 0;
    }
}
