package io.sendport.host.box;

import io.sendport.host.box.MessageQueries.PortCounts;
import io.sendport.host.store.Store;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Counts the open messages at each port. A million messages may wait, so this does not read their rows. It counts all open messages
 * by an index. It then counts the messages that are being retried, are being sent or need an operator. The others are waiting.
 */
final class PortCounting {

    private static final String BY_STATE = "SELECT m.port, " + MessageFilter.SHOWN_STATE
            + " AS shown, count(*), min(m.submitted_at) FROM message m WHERE m.ended_at IS NULL AND ";
    /** Repeats the condition of the partial index exactly; otherwise the database does not use the index. */
    private static final String IN_TROUBLE = "m." + MessageFilter.IN_TROUBLE;

    private static final String UNDER_WAY = "m.lease_owner IS NOT NULL AND m.state = 'SENDING'";

    private final Store store;

    PortCounting(Store store) {
        this.store = store;
    }

    /** The open messages of each port that has any. */
    Map<String, PortCounts> now() {
        return store.read(PortCounting::of);
    }

    /** Counts as {@link #now} does, in the snapshot that {@code handle} sees. */
    static Map<String, PortCounts> of(Handle handle) {
        Map<String, Long> open = open(handle);
        Map<String, Found> found = new HashMap<>();
        count(handle, IN_TROUBLE, found);
        count(handle, UNDER_WAY, found);
        Map<String, PortCounts> ports = new LinkedHashMap<>();
        open.forEach((port, all) -> {
            Found here = found.computeIfAbsent(port, each -> new Found());
            if (all > here.messages()) {
                waiting(handle, port, all - here.messages(), here);
            }
            ports.put(port, new PortCounts(here.counts, here.oldestOf, here.waitingSince, lastError(handle, port)));
        });
        return ports;
    }

    /** The counts of one port so far. */
    private static final class Found {
        private final Map<MessageState, Long> counts = new EnumMap<>(MessageState.class);
        private final Map<MessageState, Instant> oldestOf = new EnumMap<>(MessageState.class);
        private final Map<MessageState, Instant> waitingSince = new EnumMap<>(MessageState.class);

        void add(MessageState state, long count, long submitted, long due) {
            counts.merge(state, count, Long::sum);
            oldestOf.merge(state, Instant.ofEpochMilli(submitted), Found::earlier);
            waitingSince.merge(state, Instant.ofEpochMilli(Math.max(submitted, due)), Found::earlier);
        }

        private static Instant earlier(Instant a, Instant b) {
            return a.isBefore(b) ? a : b;
        }

        long messages() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static Map<String, Long> open(Handle handle) {
        Map<String, Long> open = new TreeMap<>();
        handle.createQuery("SELECT port, count(*) FROM message WHERE ended_at IS NULL GROUP BY port")
                .map((row, context) -> open.put(row.getString(1), row.getLong(2)) == null)
                .list();
        return open;
    }

    private static void count(Handle handle, String which, Map<String, Found> found) {
        handle.createQuery(BY_STATE + which + " GROUP BY m.port, shown")
                .map((row, context) -> {
                    Found here = found.computeIfAbsent(row.getString(1), port -> new Found());
                    here.add(MessageState.valueOf(row.getString(2)), row.getLong(3), row.getLong(4), 0);
                    return here;
                })
                .list();
    }

    /** Adds the waiting messages. An index has the first one submitted at its start, and another index the first one due. */
    private static void waiting(Handle handle, String port, long count, Found here) {
        String first = "SELECT " + MessageFilter.SHOWN_STATE
                + " AS shown, m.submitted_at, m.due_at FROM message m WHERE m.port = ? AND m.state = 'WAITING' AND ";
        add(handle, first + "m.ended_at IS NULL ORDER BY m.seq LIMIT 1", port, count, here);
        add(handle, first + "m.queued = 1 ORDER BY m.due_at, m.seq LIMIT 1", port, 0, here);
    }

    private static void add(Handle handle, String sql, String port, long count, Found here) {
        handle.createQuery(sql)
                .bind(0, port)
                .map((row, context) -> {
                    MessageState state = MessageState.valueOf(row.getString(1));
                    here.add(state, count, row.getLong(2), row.getLong(3));
                    return state;
                })
                .list();
    }

    private static String lastError(Handle handle, String port) {
        return handle.createQuery(
                        "SELECT last_error FROM message WHERE port = ? AND ended_at IS NULL AND last_error IS NOT NULL"
                                + " ORDER BY seq DESC LIMIT 1")
                .bind(0, port)
                .mapTo(String.class)
                .findOne()
                .orElse("");
    }
}
