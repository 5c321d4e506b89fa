package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import java.time.Instant;
import java.util.Optional;

/** Lets no more messages through than a rate allows in any period. Safe for use by several threads. */
public interface Throttle {

    Rate rate();

    /** When there is room again; empty when there is room now. */
    Optional<Instant> fullUntil(Instant now);

    /** Takes a place. If there is none, returns when there will be one. */
    Optional<Instant> take(Instant now);

    /** Gives back a place that was not used. */
    void giveBack(Instant taken);
}
