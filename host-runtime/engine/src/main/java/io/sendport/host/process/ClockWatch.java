package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.run.rate.ClockSteps;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Detects that the clock of this machine was set, and handles the effects on waiting messages and on retention. */
final class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** A change of the clock that operators should know about. */
    private static final Duration LARGE = Duration.ofHours(1);

    private final MessageBox box;
    private final ClockSteps steps;
    private Duration jumped = Duration.ZERO;
    private volatile String fault = "";

    ClockWatch(MessageBox box, ClockSteps steps) {
        this.box = box;
        this.steps = steps;
    }

    /** Compares the clock with the store: records with a future time were written while the clock was ahead. */
    void start() {
        Instant now = box.clock().instant();
        box.ledger()
                .newest()
                .filter(newest -> Duration.between(now, newest).compareTo(LARGE) > 0)
                .ifPresent(newest -> {
                    fault = "the clock shows " + now + ", but the newest ledger record is from " + newest
                            + ": the clock is or was wrong. Retention uses the earlier time";
                    LOG.error("Clock problem: {}.", fault);
                });
    }

    /**
     * Checks whether the clock was set since the last call. If it was set back, moves the due times of waiting messages
     * accordingly.
     *
     * @return whether messages may be due now
     */
    boolean follow() {
        Duration step = steps.step();
        if (step.isZero()) {
            return false;
        }
        LOG.warn(
                "The clock was changed by {}, or the machine was suspended. If neither was intended, check the time service"
                        + " of this machine.",
                step);
        jumped = jumped.plus(step);
        fault = jumped.abs().compareTo(LARGE) > 0
                ? "the clock was changed by " + jumped
                        + " while this process ran. Retention advances at most two days per day"
                : "";
        if (step.isNegative()) {
            int moved = box.claims().bringForward(step);
            LOG.warn(
                    "The clock was set back by {}. {} waiting messages are now due earlier too, so they do not wait longer."
                            + " Nothing needs to be done.",
                    step.negated(),
                    moved);
        }
        return step.isNegative();
    }

    /** The problem for operators; may be empty. */
    String fault() {
        return fault;
    }
}
