package io.sendport.host.run.rate;

import io.sendport.host.store.Monotonic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Detects that the clock of this machine or of the database server was set, because it then differs from elapsed time by a step. A clock
 * that runs slightly fast or slow makes no step. Safe for use by several threads.
 */
public final class ClockSteps {

    /** A larger step counts, for the clock of this machine. */
    private static final Duration MIN_LOCAL_STEP = Duration.ofSeconds(2);

    /** A larger step counts, for the clock of a database server. A slow answer over the network must not count. */
    private static final Duration MIN_REMOTE_STEP = Duration.ofMinutes(1);

    /** The maximum time between two readings that count as simultaneous. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MAX_TRIES = 5;

    private final Clock clock;
    private final LongSupplier nanos;
    private final Duration minStep;
    private Sample last;

    /**
     * Compares {@code clock}, of this machine, with elapsed time from now on.
     *
     * @param nanos the clock for elapsed time, in nanoseconds
     */
    public ClockSteps(Clock clock, LongSupplier nanos) {
        this(clock, nanos, MIN_LOCAL_STEP);
    }

    private ClockSteps(Clock clock, LongSupplier nanos, Duration minStep) {
        this.clock = clock;
        this.nanos = nanos;
        this.minStep = minStep;
        this.last = sample(clock, nanos);
    }

    /** Creates steps for a process that uses {@code clock}. The settable clock of a test has no second time source, so it never steps. */
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
     * Readings of both clocks, as close together as possible. {@code spread} is the time between them in nanoseconds, for example because
     * the process was suspended.
     */
    private record Sample(Instant at, long nanos, long spread) {}

    /** Returns by how much the clock was set since the last call, negative if it was set back; zero if it was not set. */
    public synchronized Duration step() {
        Sample now = sample(clock, nanos);
        if (now.spread() > CLOSE_NANOS) {
            return Duration.ZERO;
        }
        Duration step = Duration.between(last.at(), now.at()).minusNanos(now.nanos() - last.nanos());
        last = now;
        return step.abs().compareTo(minStep) > 0 ? step : Duration.ZERO;
    }
}
