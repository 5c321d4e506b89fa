package io.sendport.host.run.rate;

import io.sendport.host.store.Monotonic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Detects when a clock, this machine's or the database server's, was set: it then differs from elapsed time by a step. A clock that
 * runs slightly fast or slow is not such a step. Safe for use by several threads.
 */
public final class ClockSteps {

    /** The smallest step of a clock of this machine that counts. */
    private static final Duration MIN_LOCAL_STEP = Duration.ofSeconds(2);

    /** The same for a clock that is read over a network: a slow answer must not count as a step. */
    private static final Duration MIN_REMOTE_STEP = Duration.ofMinutes(1);

    /** Two readings this close together count as simultaneous. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MAX_TRIES = 5;

    private final Clock clock;
    private final LongSupplier nanos;
    private final Duration noticed;
    private Sample last;

    /**
     * Compares {@code clock}, of this machine, with elapsed time from now on.
     *
     * @param nanos elapsed time in nanoseconds
     */
    public ClockSteps(Clock clock, LongSupplier nanos) {
        this(clock, nanos, MIN_LOCAL_STEP);
    }

    private ClockSteps(Clock clock, LongSupplier nanos, Duration noticed) {
        this.clock = clock;
        this.nanos = nanos;
        this.noticed = noticed;
        this.last = sample(clock, nanos);
    }

    /** For a process that uses {@code clock}. A clock that a test sets has no second time source, so it never steps. */
    public static ClockSteps of(Clock clock) {
        return new ClockSteps(
                clock, Monotonic.beside(clock), Monotonic.isDatabaseClock(clock) ? MIN_REMOTE_STEP : MIN_LOCAL_STEP);
    }

    private static Sample sample(Clock clock, LongSupplier nanos) {
        Sample best = null;
        for (int i = 0; i < MAX_TRIES; i++) {
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
        return step.abs().compareTo(noticed) > 0 ? step : Duration.ZERO;
    }
}
