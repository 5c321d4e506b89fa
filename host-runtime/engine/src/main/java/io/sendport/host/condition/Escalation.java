package io.sendport.host.condition;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much a failure matters: {@link Severity#INFO} at first, {@link Severity#ATTENTION} after three failures or five minutes, and
 * {@link Severity#FAILING} once work has waited for five minutes in which nothing succeeded. So one deferral, or a greylisting that the next
 * attempt passes, alarms nobody.
 */
public final class Escalation {

    /** So many failures in a row are for an operator. */
    public static final int FAILURES = 3;

    /** What lasts so long is for an operator. */
    public static final Duration LASTING = Duration.ofMinutes(5);

    private Escalation() {}

    /**
     * The severity of something that fails.
     *
     * @param failures in a row so far
     * @param since when the first of them was
     * @param now the time it is
     * @param waits whether work waits for it
     * @param lastSuccess when it last did its work; empty when that is not known
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
