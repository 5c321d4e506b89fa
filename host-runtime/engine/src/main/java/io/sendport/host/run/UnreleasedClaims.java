package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Messages that an instance claimed but could not hand over, until they are released. One thread adds and releases; any thread may call
 * {@link #numbers}.
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

    /** Releases all of them. If the store cannot be reached, throws {@code StoreException} and keeps them for the next call. */
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

    /** Their numbers in the box. */
    synchronized Set<Long> numbers() {
        return rows.stream().map(MessageRow::seq).collect(Collectors.toSet());
    }
}
