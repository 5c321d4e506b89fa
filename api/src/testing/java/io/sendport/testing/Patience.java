package io.sendport.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what is to happen, as long as it takes on a machine that is busy: the limit is for what never does. */
public final class Patience {

    /** Far more than anything takes that does happen. */
    public static final Duration LIMIT = Duration.ofMinutes(2);

    private static final long LOOK_MILLIS = 10;

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Patience() {}

    public static void until(Condition condition) throws Exception {
        until("what was waited for", condition);
    }

    /** {@code what} says what is missing where it never holds. */
    public static void until(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(what + " did not come within " + LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** For what must not happen, of which nothing tells: looks again and again for {@code time} whether {@code condition} still holds. */
    public static void whileItHolds(String what, Duration time, Condition condition) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            if (!condition.holds()) {
                throw new AssertionError(what + " did not hold for " + time);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Whether {@code condition} comes to hold within {@code limit}. */
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

    /** Waits until {@code process} ends by itself or by what was done to it before. */
    public static void untilEnd(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(process.info() + " did not end within " + LIMIT);
        }
    }
}
