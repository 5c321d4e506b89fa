package io.sendport.host.store;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How time passes for a process, whatever the clock on the wall is set to. */
public final class Monotonic {

    private Monotonic() {}

    /** Nanoseconds that pass beside {@code clock}; a clock that a test sets is the only time there is. */
    public static LongSupplier beside(Clock clock) {
        boolean real = clock.equals(Clock.systemUTC()) || clock instanceof DatabaseClock;
        return real ? System::nanoTime : () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }
}
