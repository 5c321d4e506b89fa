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
 * Holds the message of a feed while the message box is unavailable or has no room for it. The consumer of the feed is blocked meanwhile and
 * receives no other message. So nothing is rolled back, and no broker counts a failed delivery. If a client waits for an answer (HTTP, a
 * JMS reply), throws {@link NotNowException} at once. Safe for use by several threads.
 */
final class FeedBackPressure {

    private static final Logger LOG = LoggerFactory.getLogger(FeedBackPressure.class);

    private final FeedWatch watch;
    private final Duration retryInterval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean isOver;

    /** Retries a submission at intervals of {@code retryInterval}. */
    FeedBackPressure(FeedWatch watch, Duration retryInterval) {
        this.watch = watch;
        this.retryInterval = retryInterval;
    }

    /** Allows messages to wait. Call this before feeds start. */
    void begin() {
        set(false);
    }

    /** Ends the wait of all messages, which are released to their sources. Call this when feeds stop. */
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
     * Submits the message of an exchange. Blocks while it cannot be submitted, unless a client waits for an answer.
     *
     * @throws NotNowException when feeds stop before the message can be submitted, or a client waits for an answer
     * @throws io.sendport.api.submit.SubmissionRefusedException when the message is refused permanently
     */
    List<Receipt> publish(Submission submission, Exchange exchange, Submitter submitter) {
        String route = String.valueOf(exchange.getFromRouteId());
        try {
            return publishWithRetries(submission, exchange, route, submitter);
        } finally {
            watch.markResumed(route);
        }
    }

    private List<Receipt> publishWithRetries(
            Submission submission, Exchange exchange, String route, Submitter submitter) {
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
                            retryInterval.toMillis());
                    hasLogged = true;
                }
                if (!awaitRetry()) {
                    FeedSource.release(exchange);
                    throw e;
                }
            }
        }
    }

    /** Waits until the next retry. Returns false if feeds stop meanwhile. */
    private boolean awaitRetry() {
        long left = retryInterval.toNanos();
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
