package io.sendport.host.store;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The elapsed time of a process. Changes of the system clock do not affect it. */
public final class Monotonic {

    private Monotonic() {}

    /** Elapsed nanoseconds. If {@code clock} is the clock of a test, elapsed time comes from that clock. */
    public static LongSupplier beside(Clock clock) {
        boolean real = clock.equals(Clock.systemUTC()) || isDatabaseClock(clock);
        return real ? System::nanoTime : () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    /** Whether {@code clock} is the database server's. */
    public static boolean isDatabaseClock(Clock clock) {
        return clock instanceof DatabaseClock;
    }
}
