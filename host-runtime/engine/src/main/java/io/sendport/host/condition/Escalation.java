package io.sendport.host.condition;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much a failure matters. It starts as {@link Severity#INFO} and becomes {@link Severity#ATTENTION} after three failures or
 * five minutes. It becomes {@link Severity#FAILING} once work has waited for five minutes without a success. A single deferral or
 * greylisting therefore raises no alarm.
 */
public final class Escalation {

    /** This many failures in a row need an operator. */
    public static final int FAILURES = 3;

    /** A failure that lasts this long needs an operator. */
    public static final Duration LASTING = Duration.ofMinutes(5);

    private Escalation() {}

    /**
     * The severity of a repeated failure.
     *
     * @param failures in a row so far
     * @param since when the first of them occurred
     * @param now the current time
     * @param waits whether work waits for it
     * @param lastSuccess the last success; empty when unknown
     */
    public static Severity of(long failures, Instant since, Instant now, boolean waits, Optional<Instant> lastSuccess) {
        boolean lasting = isLasting(since, now);
        boolean nothing = lastSuccess.map(success -> isLasting(success, now)).orElse(true);
        if (lasting && waits && nothing) {
            return Severity.FAILING;
        }
        return lasting || failures >= FAILURES ? Severity.ATTENTION : Severity.INFO;
    }

    private static boolean isLasting(Instant since, Instant now) {
        return Duration.between(since, now).compareTo(LASTING) >= 0;
    }
}
