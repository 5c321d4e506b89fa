package io.sendport.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock whose time a test sets. */
public final class SettableClock extends Clock {

    private volatile Instant now;

    /** Starts on 2026-11-21 at 08:00 UTC. */
    public SettableClock() {
        this(Instant.parse("2026-11-21T08:00:00Z"));
    }

    public SettableClock(Instant now) {
        this.now = now;
    }

    public void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
