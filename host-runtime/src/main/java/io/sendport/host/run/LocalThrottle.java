package io.sendport.host.run;

import io.sendport.config.Rate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Counts in this process, which is alone on its message box. */
final class LocalThrottle implements Throttle {

    private final Rate rate;
    private final Deque<Instant> lately = new ArrayDeque<>();

    LocalThrottle(Rate rate) {
        this.rate = rate;
    }

    @Override
    public Rate rate() {
        return rate;
    }

    @Override
    public synchronized Optional<Instant> fullUntil(Instant now) {
        while (!lately.isEmpty() && !lately.peekFirst().plus(rate.per()).isAfter(now)) {
            lately.removeFirst();
        }
        return lately.size() < rate.messages()
                ? Optional.empty()
                : Optional.of(lately.getFirst().plus(rate.per()));
    }

    @Override
    public synchronized Optional<Instant> take(Instant now) {
        Optional<Instant> full = fullUntil(now);
        if (full.isEmpty()) {
            lately.addLast(now);
        }
        return full;
    }

    @Override
    public synchronized void giveBack(Instant taken) {
        lately.removeLastOccurrence(taken);
    }
}
