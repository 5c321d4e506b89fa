package io.sendport.console.api;

import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Expensive work that one request at a time can have done: it reads much, over a connection that other requests need too. Safe for use by several threads.
 */
final class OneAtATime {

    private final String busy;
    private final int retryAfterSeconds;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /**
     * Work that is not under way yet.
     *
     * @param busy the message for a request that comes while it is under way; when to ask again is added
     * @param retryAfterSeconds when to ask again
     */
    OneAtATime(String busy, int retryAfterSeconds) {
        this.busy = busy;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * Begins the work. The caller calls {@link #end} in a {@code finally} block.
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
