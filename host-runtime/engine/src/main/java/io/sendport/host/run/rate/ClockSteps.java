package io.sendport.host.run.rate;

import io.sendport.host.store.Monotonic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Detects when the system clock was set: it then differs from elapsed time by a step. A clock that runs slightly fast or slow is
 * not such a step. Safe for use by several threads.
 */
public final class ClockSteps {

    private static final Duration NOTICED = Duration.ofSeconds(2);

    /** Two readings this close together count as simultaneous. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MOST_TRIES = 5;

    private final Clock clock;
    private final LongSupplier nanos;
    private Sample last;

    /** Compares {@code clock} with {@code nanos} from now on. */
    ClockSteps(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.last = sample(clock, nanos);
    }

    /** For a process that uses {@code clock}. A clock that a test sets has no second time source, so it never steps. */
    public static ClockSteps of(Clock clock) {
        return new ClockSteps(clock, Monotonic.beside(clock));
    }

    private static Sample sample(Clock clock, LongSupplier nanos) {
        Sample best = null;
        for (int i = 0; i < MOST_TRIES; i++) {
            long before = nanos.getAsLong();
            Instant at = clock.instant();
            long after = nanos.getAsLong();
            if (best == null || after - before < best.spread()) {
                best = new Sample(at, after, after - before);
            }
            if (best.spread() <= CLOSE_NANOS) {
                break;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /**
     * Both times, read as close together as possible. If the process is suspended between the two readings, they differ in time by
     * {@code spread}.
     */
    private record Sample(Instant at, long nanos, long spread) {}

    /** By how much the clock was set since the last call; zero when it was not set. */
    public synchronized Duration step() {
        Sample now = sample(clock, nanos);
        if (now.spread() > CLOSE_NANOS) {
            return Duration.ZERO;
        }
        Duration step = Duration.between(last.at(), now.at()).minusNanos(now.nanos() - last.nanos());
        last = now;
        return step.abs().compareTo(NOTICED) > 0 ? step : Duration.ZERO;
    }
}
