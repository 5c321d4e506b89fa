package io.sendport.host.store;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The database's time. Every transaction reports it, and this machine's monotonic clock advances it in between; the machine's own
 * time is not used. Safe for use by several threads.
 */
final class DatabaseClock extends Clock {

    /** SQL for microseconds since 1970. */
    static final String MICROS = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private volatile Reading last = new Reading(Instant.EPOCH, 0);

    private record Reading(Instant at, long nanos) {}

    /** Sets the time that the database has just reported. */
    void update(long micros) {
        last = new Reading(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), System.nanoTime());
    }

    @Override
    public Instant instant() {
        Reading reading = last;
        return reading.at().plusNanos(System.nanoTime() - reading.nanos());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new Clock() {
            @Override
            public Instant instant() {
                return DatabaseClock.this.instant();
            }

            @Override
            public ZoneId getZone() {
                return zone;
            }

            @Override
            public Clock withZone(ZoneId other) {
                return DatabaseClock.this.withZone(other);
            }
        };
    }
}
