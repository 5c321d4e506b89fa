package io.sendport.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until a condition holds. The timeout is long, so that a busy machine does not fail a test. */
public final class Patience {

    /** The timeout: much longer than any condition needs. */
    public static final Duration LIMIT = Duration.ofMinutes(2);

    private static final long LOOK_MILLIS = 10;

    /** A condition to wait for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Patience() {}

    public static void until(Condition condition) throws Exception {
        until("the condition", condition);
    }

    /** Waits until {@code condition} holds. {@code what} names it in the error after the timeout. */
    public static void until(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(what + " did not hold within " + LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Checks repeatedly, for {@code time}, that {@code condition} still holds. Use it for an event that must not happen. */
    public static void whileItHolds(String what, Duration time, Condition condition) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            if (!condition.holds()) {
                throw new AssertionError(what + " did not keep holding for " + time);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Whether {@code condition} holds at some time within {@code limit}. */
    public static boolean happens(Duration limit, Condition condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** Waits until {@code process} ends. Does not stop it. */
    public static void untilEnd(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(process.info() + " did not end within " + LIMIT);
        }
    }
}
