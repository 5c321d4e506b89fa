package io.sendport.host.box;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches the result of a query that is slow in a large message box. The longer the query took, the longer its result is cached. Thus all
 * clients that poll constantly use only a small part of a processor together. A quick result is not cached. The first slow result after
 * a quick one is not cached either: a new process or a busy machine makes a single query slow, but a large message box makes every
 * query slow. Safe for use by several threads: a thread that asks while the query runs waits for its result.
 */
final class CachedQuery<T> {

    /** A result that took at most this long is not cached. */
    private static final Duration QUICK = Duration.ofMillis(100);
    /** A result is cached this many times as long as its query took. */
    private static final int FACTOR = 20;

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
        until = ended + Math.min(took * FACTOR, MAX_DURATION.toNanos());
        boolean isSlow = took > QUICK.toNanos();
        kept = isSlow && wasSlow ? answer : null;
        wasSlow = isSlow;
        return answer;
    }
}
