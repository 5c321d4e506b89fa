package io.sendport.host.run;

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

    private final LongSupplier nanos;
    private Instant lastTime;
    private long lastNanos;

    /** Compares {@code clock}, from now on, with {@code nanos}. */
    ClockSteps(Instant now, LongSupplier nanos) {
        this.nanos = nanos;
        this.lastTime = now;
        this.lastNanos = nanos.getAsLong();
    }

    /** For a process that goes by {@code clock}; beside one that a test sets there is no other time. */
    public static ClockSteps of(Clock clock) {
        return new ClockSteps(clock.instant(), time(clock));
    }

    static LongSupplier time(Clock clock) {
        return clock.equals(Clock.systemUTC()) ? System::nanoTime : () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    /** By how much the clock was set since this was last asked; zero when it wasn't. */
    public synchronized Duration since(Instant now) {
        long passed = nanos.getAsLong();
        Duration step = Duration.between(lastTime, now).minusNanos(passed - lastNanos);
        lastTime = now;
        lastNanos = passed;
        return step.abs().compareTo(NOTICED) > 0 ? step : Duration.ZERO;
    }
}
