package io.sendport.host.store;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/**
 * The database's time. Every writing transaction reads it, and this machine's monotonic clock advances it in between. The time of this
 * machine is not used. Safe for use by several threads.
 */
final class DatabaseClock extends Clock {

    /** SQL for microseconds since 1970. */
    static final String MICROS = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Reading NONE = new Reading(Instant.EPOCH, 0);

    private volatile Reading last = NONE;

    private record Reading(Instant at, long nanos) {}

    /**
     * Sets the time that the database has just reported. Ignores an answer that took long, because its time may be old.
     *
     * @param micros microseconds since 1970
     * @param asked when the query was sent, by {@link System#nanoTime}
     */
    void update(long micros, long asked) {
        long now = System.nanoTime();
        if (now - asked < MAX_NANOS || last.equals(NONE)) {
            last = new Reading(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), now);
        }
    }

    /** Asks the database for its time. */
    void read(Handle handle) {
        long asked = System.nanoTime();
        update(handle.createQuery("SELECT " + MICROS).mapTo(Long.class).one(), asked);
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
