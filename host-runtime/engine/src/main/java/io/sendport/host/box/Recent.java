package io.sendport.host.box;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the answer to a query that is slow in a large message box. The longer the query took, the longer its answer is kept, so that clients that
 * ask all the time use only a small part of a processor together. A quick answer is never kept. Safe for use by several threads: a thread that
 * asks while the query runs waits, and gets the same answer.
 */
final class Recent<T> {

    /** An answer that took no longer is not kept. */
    private static final Duration QUICK = Duration.ofMillis(100);
    /** It is kept so many times as long as it took. */
    private static final int TIMES = 20;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private @Nullable T kept;
    private long until;

    synchronized T get(Supplier<T> ask) {
        T known = kept;
        if (known != null && System.nanoTime() - until < 0) {
            return known;
        }
        long began = System.nanoTime();
        T answer = ask.get();
        long ended = System.nanoTime();
        long took = ended - began;
        until = ended + Math.min(took * TIMES, LONGEST.toNanos());
        kept = took > QUICK.toNanos() ? answer : null;
        return answer;
    }
}
