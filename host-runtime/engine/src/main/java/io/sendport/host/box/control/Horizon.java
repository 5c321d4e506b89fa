package io.sendport.host.box.control;

import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that retention uses. It advances at most twice as fast as time passes for a running process, and is stored. If the clock
 * is set years ahead, a process thus deletes two days' worth of data a day, not everything at once. Safe for use by several
 * threads.
 */
public final class Horizon {

    private static final int DAYS_A_DAY = 2;

    private final Store store;
    private final Clock clock;
    private final LongSupplier nanos;
    private long advancedAt;

    public Horizon(Store store, Clock clock, LongSupplier nanos) {
        this.store = store;
        this.clock = clock;
        this.nanos = nanos;
        this.advancedAt = nanos.getAsLong();
    }

    /** Advances it by the time that passed here since the last call. Returns it; it is never later than the clock. */
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

    /** Leaves advancing to another process: time that passes here does not count. */
    public synchronized void leaveToOthers() {
        advancedAt = nanos.getAsLong();
    }
}
