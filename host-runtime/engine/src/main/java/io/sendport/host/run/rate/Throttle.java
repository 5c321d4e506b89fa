package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits the number of messages in each period of a rate: before a message is sent, {@link #reserve} reserves room for it. Safe for use by
 * several threads. A throttle on a shared message box throws a {@link io.sendport.host.store.commit.StoreException} when the message box is
 * unavailable.
 */
public interface Throttle {

    /** The rate that limits the messages. */
    Rate rate();

    /**
     * Checks for room without reserving it.
     *
     * @param now the current time
     * @return when there is room again; empty if there is room now
     */
    Optional<Instant> fullUntil(Instant now);

    /**
     * Reserves room for one message.
     *
     * @param now the current time, which identifies the reservation
     * @return empty if room was reserved; otherwise when there is room again
     */
    Optional<Instant> reserve(Instant now);

    /**
     * Releases room that was reserved for a message that is not sent.
     *
     * @param reservedAt the time that {@link #reserve} got; does nothing if that reservation does not exist
     */
    void release(Instant reservedAt);
}
