package io.sendport.console.api;

import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Limits expensive work to one request at a time, since the work reads much over a connection that other requests share. Safe for use by
 * several threads.
 */
final class OneAtATime {

    private final String busy;
    private final int retryAfterSeconds;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /**
     * Creates a limit. No work is running yet.
     *
     * @param busy the message for a request that arrives while the work is running; the time of the next try is appended
     * @param retryAfterSeconds after how many seconds the caller can try again
     */
    OneAtATime(String busy, int retryAfterSeconds) {
        this.busy = busy;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * Begins the work. The caller calls {@link #end} in a {@code finally} block.
     *
     * @throws ProblemException when the work is already running
     */
    void begin() {
        if (!underWay.compareAndSet(false, true)) {
            throw new ProblemException(
                    Problem.Type.OVER_LIMIT,
                    busy + "; try again in " + retryAfterSeconds + " s",
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
