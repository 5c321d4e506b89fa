package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts sends in memory, for a process that is the only one on its message box. */
final class LocalThrottle implements Throttle {

    private final Rate rate;
    private final ClockSteps steps;
    private Deque<Instant> recentSends = new ArrayDeque<>();

    /** Creates a throttle. {@code steps} detects changes of the clock, and must be used by this throttle only. */
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
        while (!recentSends.isEmpty()
                && !recentSends.peekFirst().plus(rate.per()).isAfter(now)) {
            recentSends.removeFirst();
        }
        return recentSends.size() < rate.messages()
                ? Optional.empty()
                : Optional.of(recentSends.getFirst().plus(rate.per()));
    }

    @Override
    public synchronized Optional<Instant> reserve(Instant now) {
        Optional<Instant> full = fullUntil(now);
        if (full.isEmpty()) {
            recentSends.addLast(now);
        }
        return full;
    }

    /** Shifts the stored times if the clock was set, so that the elapsed time since each send stays right. */
    private void followClock() {
        Duration step = steps.step();
        if (!step.isZero()) {
            recentSends =
                    recentSends.stream().map(each -> each.plus(step)).collect(Collectors.toCollection(ArrayDeque::new));
        }
    }

    @Override
    public synchronized void release(Instant reservedAt) {
        recentSends.removeLastOccurrence(reservedAt);
    }
}
