package io.sendport.host.store;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Elapsed time for a process, independent of changes to the system clock. */
public final class Monotonic {

    private Monotonic() {}

    /** Elapsed nanoseconds. A clock that a test sets is itself the source of elapsed time. */
    public static LongSupplier beside(Clock clock) {
        boolean real = clock.equals(Clock.systemUTC()) || isDatabaseClock(clock);
        return real ? System::nanoTime : () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    /** Whether {@code clock} is the database server's. */
    public static boolean isDatabaseClock(Clock clock) {
        return clock instanceof DatabaseClock;
    }
}
