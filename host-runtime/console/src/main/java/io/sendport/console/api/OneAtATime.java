package io.sendport.console.api;

import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work that reads so much, over a connection that others need as well, that one request at a time may have it done. Safe for use by several threads. */
final class OneAtATime {

    private final String busy;
    private final int retryAfterSeconds;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /**
     * Work that nobody does yet.
     *
     * @param busy what whoever comes meanwhile is told, without when to come again
     */
    OneAtATime(String busy, int retryAfterSeconds) {
        this.busy = busy;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * Begins it; whoever did so calls {@link #end}, whatever happens.
     *
     * @throws ProblemException when it is under way
     */
    void begin() {
        if (!underWay.compareAndSet(false, true)) {
            throw new ProblemException(
                    Problem.Type.OVER_LIMIT,
                    busy + "; ask again in " + retryAfterSeconds + " s",
                    "Retry-After",
                    Integer.toString(retryAfterSeconds));
        }
    }

    boolean isUnderWay() {
        return underWay.get();
    }

    void end() {
        underWay.set(false);
    }
}
