package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Messages that an instance has claimed but could not pass to a thread, until their claims are released. One thread adds and releases; any
 * thread may call {@link #numbers}.
 */
final class UnreleasedClaims {

    private final Claims claims;
    private final String instance;
    private final List<MessageRow> rows = new ArrayList<>();

    UnreleasedClaims(Claims claims, String instance) {
        this.claims = claims;
        this.instance = instance;
    }

    synchronized void add(MessageRow row) {
        rows.add(row);
    }

    /** Releases all claims. If the store is unavailable, throws {@code StoreException} and keeps the claims for the next call. */
    void release() {
        List<MessageRow> now;
        synchronized (this) {
            now = List.copyOf(rows);
        }
        if (!now.isEmpty()) {
            claims.release(now, instance, Duration.ZERO);
            synchronized (this) {
                rows.clear();
            }
        }
    }

    /** The numbers of the messages in the box. */
    synchronized Set<Long> numbers() {
        return rows.stream().map(MessageRow::seq).collect(Collectors.toSet());
    }
}
