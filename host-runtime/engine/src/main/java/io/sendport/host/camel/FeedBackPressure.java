package io.sendport.host.camel;

import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a feed's message while the message box has no room for it or is unreachable. Its consumer waits with it and receives
 * nothing more, so nothing is rolled back, and no broker counts a failed delivery. If a client waits for an answer (HTTP, a JMS
 * reply), {@link NotNowException} is thrown at once. Safe for use by several threads.
 */
final class FeedBackPressure {

    private static final Logger LOG = LoggerFactory.getLogger(FeedBackPressure.class);

    private final FeedWatch watch;
    private final Duration pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean isOver;

    /** Retries after each {@code pause}. */
    FeedBackPressure(FeedWatch watch, Duration pause) {
        this.watch = watch;
        this.pause = pause;
    }

    /** Called before feeds start: messages may wait from now on. */
    void begin() {
        set(false);
    }

    /** Called when feeds stop: waiting messages are given back to their sources. */
    void end() {
        set(true);
    }

    private void set(boolean over) {
        lock.lock();
        try {
            isOver = over;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Submits the message of an exchange.
     *
     * @throws NotNowException when feeds stop before there is room, or a client waits for an answer
     * @throws io.sendport.api.submit.SubmissionRefusedException when it is refused permanently
     */
    List<Receipt> publish(Submission submission, Exchange exchange, Submitter submitter) {
        String route = String.valueOf(exchange.getFromRouteId());
        try {
            return held(submission, exchange, route, submitter);
        } finally {
            watch.markResumed(route);
        }
    }

    private List<Receipt> held(Submission submission, Exchange exchange, String route, Submitter submitter) {
        boolean hasLogged = false;
        while (true) {
            try {
                List<Receipt> receipts = submitter.publish(submission);
                if (hasLogged) {
                    LOG.info("route {} submits again", route);
                }
                return receipts;
            } catch (NotNowException e) {
                if (exchange.getPattern() != ExchangePattern.InOnly) {
                    throw e;
                }
                watch.markWaiting(route, e);
                if (!hasLogged) {
                    LOG.warn(
                            "route {} cannot submit a message now: {}. It retries every {} ms and receives no other message. If this"
                                    + " lasts, check free disk space and the limits of the port",
                            route,
                            e.getMessage(),
                            pause.toMillis());
                    hasLogged = true;
                }
                if (!pauses()) {
                    FeedSource.release(exchange);
                    throw e;
                }
            }
        }
    }

    /** Returns whether feeds still run after a pause. */
    private boolean pauses() {
        long left = pause.toNanos();
        lock.lock();
        try {
            while (!isOver && left > 0) {
                left = ended.awaitNanos(left);
            }
            return !isOver;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
