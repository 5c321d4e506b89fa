package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts in this process, which is the only one on its message box. */
final class LocalThrottle implements Throttle {

    private final Rate rate;
    private final ClockSteps steps;
    private Deque<Instant> lately = new ArrayDeque<>();

    /**
     * @param steps detects changes of the clock, for this throttle only
     */
    LocalThrottle(Rate rate, ClockSteps steps) {
        this.rate = rate;
        this.steps = steps;
    }

    @Override
    public Rate rate() {
        return rate;
    }

    @Override
    public synchronized Optional<Instant> fullUntil(Instant now) {
        followClock();
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

    /** Shifts the stored times after the clock was set, so that the elapsed time since each send stays right. */
    private void followClock() {
        Duration step = steps.step();
        if (!step.isZero()) {
            lately = lately.stream().map(each -> each.plus(step)).collect(Collectors.toCollection(ArrayDeque::new));
        }
    }

    @Override
    public synchronized void giveBack(Instant taken) {
        lately.removeLastOccurrence(taken);
    }
}
