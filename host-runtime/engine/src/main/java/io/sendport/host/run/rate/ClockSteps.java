package io.sendport.host.run.rate;

import io.sendport.host.store.Monotonic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices when somebody set the clock on the wall: it moved otherwise than time went by. A clock that runs a little fast or slow is no
 * such thing. Safe for use by several threads.
 */
public final class ClockSteps {

    private static final Duration NOTICED = Duration.ofSeconds(2);

    /** Two looks so close to each other are of one moment. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MOST_TRIES = 5;

    private final Clock clock;
    private final LongSupplier nanos;
    private Sample last;

    /** Compares {@code clock}, from now on, with {@code nanos}. */
    ClockSteps(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.last = sample(clock, nanos);
    }

    /** For a process that goes by {@code clock}; beside one that a test sets there is no other time. */
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

    /** Both times, as close to each other as could be had: a process that is stopped between two looks reads times that are not of one moment. */
    private record Sample(Instant at, long nanos, long spread) {}

    /** By how much the clock was set since this was last asked; zero when it wasn't. */
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
