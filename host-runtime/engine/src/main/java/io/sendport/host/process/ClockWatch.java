package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.run.rate.ClockSteps;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that somebody set the clock of this machine, and what follows from it for messages that wait and for retention. */
final class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** A jump that people should know of. */
    private static final Duration LARGE = Duration.ofHours(1);

    private final MessageBox box;
    private final ClockSteps steps;
    private Duration jumped = Duration.ZERO;
    private volatile String fault = "";

    ClockWatch(MessageBox box, ClockSteps steps) {
        this.box = box;
        this.steps = steps;
    }

    /** Compares the clock with what the store knows: records of a time that is still to come were made while it was ahead. */
    void start() {
        Instant now = box.clock().instant();
        box.ledger()
                .newest()
                .filter(newest -> Duration.between(now, newest).compareTo(LARGE) > 0)
                .ifPresent(newest -> {
                    fault = "the clock says " + now + ", and the ledger has records of " + newest
                            + ": one of the two was set wrong. Retention goes by the earlier";
                    LOG.error("The clock: {}.", fault);
                });
    }

    /**
     * Looks whether it was set since the last look, and makes waiting messages due as much earlier where it was set back.
     *
     * @return whether messages may be due now
     */
    boolean follow() {
        Duration step = steps.step();
        if (step.isZero()) {
            return false;
        }
        LOG.warn("The clock was set by {}, or the machine slept.", step);
        jumped = jumped.plus(step);
        fault = jumped.abs().compareTo(LARGE) > 0
                ? "the clock was set by " + jumped
                        + " while this process ran. Retention goes on at two days a day at most"
                : "";
        if (step.isNegative()) {
            int moved = box.claims().bringForward(step);
            LOG.warn("{} waiting messages are due as much earlier.", moved);
        }
        return step.isNegative();
    }

    /** What people should know of it; may be empty. */
    String fault() {
        return fault;
    }
}
