package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.run.rate.ClockSteps;
import io.sendport.host.store.Monotonic;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that the clock of the message box was set, and corrects the due times of waiting messages. One thread calls {@code start}
 * and {@code follow}; any thread may call {@code fault}.
 */
final class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** Operators are informed of a clock change that exceeds this. */
    private static final Duration LARGE_CHANGE = Duration.ofHours(1);

    private final MessageBox box;
    private final ClockSteps steps;
    private final BooleanSupplier movesDueTimes;
    private Duration jumped = Duration.ZERO;
    /** How far the clock was set back, as a negative value, while due times are not moved yet: the store may be unavailable. */
    private Duration pending = Duration.ZERO;

    private volatile String fault = "";

    /**
     * Watches the clock of {@code box}.
     *
     * @param movesDueTimes whether this process moves due times; on a shared store, only one process may
     */
    ClockWatch(MessageBox box, ClockSteps steps, BooleanSupplier movesDueTimes) {
        this.box = box;
        this.steps = steps;
        this.movesDueTimes = movesDueTimes;
    }

    /** Compares the clock with the ledger. A record with a future time was written while the clock was ahead. */
    void start() {
        Instant now = box.clock().instant();
        box.ledger()
                .newest()
                .filter(newest -> Duration.between(now, newest).compareTo(LARGE_CHANGE) > 0)
                .ifPresent(newest -> {
                    fault = "the clock shows " + now + ", but the newest ledger record is from " + newest
                            + ": the clock is or was wrong. Retention uses the earlier time";
                    LOG.error("Clock problem: {}.", fault);
                });
    }

    /**
     * Checks whether the clock was set since the last call. If it was set back, one process moves the due times of waiting messages back
     * by the same amount.
     *
     * @return whether messages may be due now
     */
    boolean follow() {
        Duration step = steps.step();
        if (!step.isZero()) {
            recordStep(step);
        }
        if (pending.isZero()) {
            return false;
        }
        if (movesDueTimes.getAsBoolean()) {
            int moved = box.claims().bringForward(pending);
            LOG.warn(
                    "The clock was set back by {}. Waiting messages that were made due earlier for this reason: {}. Nothing needs to"
                            + " be done.",
                    pending.negated(),
                    moved);
        }
        pending = Duration.ZERO;
        return true;
    }

    private void recordStep(Duration step) {
        LOG.warn(
                "The clock was changed by {}, or the machine was suspended. If neither was intended, check the time service"
                        + " of {}.",
                step,
                Monotonic.isDatabaseClock(box.clock()) ? "the database server" : "this machine");
        jumped = jumped.plus(step);
        fault = jumped.abs().compareTo(LARGE_CHANGE) > 0
                ? "the clock was changed by " + jumped
                        + " while this process ran. Retention advances at most two days per day"
                : "";
        Duration left = pending.plus(step);
        pending = left.isNegative() ? left : Duration.ZERO;
    }

    /** The problem for operators; empty when there is none. */
    String fault() {
        return fault;
    }
}
