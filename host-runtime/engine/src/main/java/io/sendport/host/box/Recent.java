package io.sendport.host.box;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches the result of a query that is slow in a large message box. The longer the query took, the longer its result is kept.
 * Clients that poll constantly thus use only a small part of a processor together. A quick result is never kept, and neither is the
 * first slow one after it: a new process or a busy machine makes one query slow, a large message box each. Safe for use by several
 * threads: a thread that asks while the query runs waits for the same result.
 */
final class Recent<T> {

    /** A result that took at most this long is not kept. */
    private static final Duration QUICK = Duration.ofMillis(100);
    /** A result is kept this many times as long as its query took. */
    private static final int TIMES = 20;

    private static final Duration MAX_DURATION = Duration.ofMinutes(1);

    private @Nullable T kept;
    private long until;
    private boolean wasSlow;

    synchronized T get(Supplier<T> ask) {
        T known = kept;
        if (known != null && System.nanoTime() - until < 0) {
            return known;
        }
        long began = System.nanoTime();
        T answer = ask.get();
        long ended = System.nanoTime();
        long took = ended - began;
        until = ended + Math.min(took * TIMES, MAX_DURATION.toNanos());
        boolean isSlow = took > QUICK.toNanos();
        kept = isSlow && wasSlow ? answer : null;
        wasSlow = isSlow;
        return answer;
    }
}
