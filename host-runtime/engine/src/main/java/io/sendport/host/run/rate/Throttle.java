package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import java.time.Instant;
import java.util.Optional;

/** Lets no more through than a rate allows in any stretch of its time. Safe for use by several threads. */
public interface Throttle {

    Rate rate();

    /** When there is room again; empty when there is now. */
    Optional<Instant> fullUntil(Instant now);

    /** Takes a place; when there is none, says when there will be. */
    Optional<Instant> take(Instant now);

    /** Gives a place back that was not used. */
    void giveBack(Instant taken);
}
