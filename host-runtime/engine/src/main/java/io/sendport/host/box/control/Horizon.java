package io.sendport.host.box.control;

import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that retention uses. It is stored, and it advances at most twice as fast as time passes for a running process. Thus a clock
 * that is set years ahead does not delete everything at once: only two days' worth of data expire in a day. Safe for use by several
 * threads.
 */
public final class Horizon {

    private static final int DAYS_A_DAY = 2;

    private final Store store;
    private final Clock clock;
    private final LongSupplier nanos;
    private long advancedAt;

    /** @param nanos elapsed time in nanoseconds */
    public Horizon(Store store, Clock clock, LongSupplier nanos) {
        this.store = store;
        this.clock = clock;
        this.nanos = nanos;
        this.advancedAt = nanos.getAsLong();
    }

    /** Advances the time for what has passed since the last call, and returns it. It is never later than the clock. */
    public synchronized Instant advance() {
        long at = nanos.getAsLong();
        long most = DAYS_A_DAY * TimeUnit.NANOSECONDS.toMillis(at - advancedAt);
        long now = clock.millis();
        long horizon = store.write(transaction -> {
            @Nullable
            Long stored = transaction
                    .handle()
                    .createQuery("SELECT horizon FROM store_state")
                    .mapTo(Long.class)
                    .one();
            @Nullable Long since = stored == null ? Ledger.earliest(transaction.handle()) : stored;
            long from = since == null ? now : since;
            long to = Math.max(from, Math.min(now, from + most));
            transaction.handle().execute("UPDATE store_state SET horizon = ?", to);
            return to;
        });
        advancedAt = at;
        return Instant.ofEpochMilli(Math.min(now, horizon));
    }

    /** Called while another process advances the time: what passes here until then does not count. */
    public synchronized void leaveToOthers() {
        advancedAt = nanos.getAsLong();
    }
}
