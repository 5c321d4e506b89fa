package io.sendport.host.box;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that takes long where the message box is large. It is kept for some time, the longer the more it cost, so that those who ask all
 * the time, together, take no more than a small part of a processor. What is quickly answered is never kept. Safe for use by several threads:
 * who asks while somebody else does gets the same answer.
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
