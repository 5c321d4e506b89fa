package io.sendport.host.run;

import io.sendport.config.Rate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Counts what was sent lately, and lets no more through than a rate allows in any stretch of its time. Safe for use by several threads. */
final class Throttle {

    private final Rate rate;
    private final Deque<Instant> lately = new ArrayDeque<>();

    Throttle(Rate rate) {
        this.rate = rate;
    }

    Rate rate() {
        return rate;
    }

    /** When there is room again; empty when there is now. */
    synchronized Optional<Instant> fullUntil(Instant now) {
        while (!lately.isEmpty() && !lately.peekFirst().plus(rate.per()).isAfter(now)) {
            lately.removeFirst();
        }
        return lately.size() < rate.messages()
                ? Optional.empty()
                : Optional.of(lately.getFirst().plus(rate.per()));
    }

    /** Takes a place; when there is none, says when there will be. */
    synchronized Optional<Instant> take(Instant now) {
        Optional<Instant> full = fullUntil(now);
        if (full.isEmpty()) {
            lately.addLast(now);
        }
        return full;
    }

    /** Gives a place back that was not used. */
    synchronized void giveBack(Instant taken) {
        lately.removeLastOccurrence(taken);
    }
}
