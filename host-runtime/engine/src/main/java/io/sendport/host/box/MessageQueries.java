package io.sendport.host.box;

import io.sendport.api.message.Context;
import io.sendport.host.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Looks at messages without changing anything. */
public final class MessageQueries {

    private static final Map<String, String> FIELDS = Map.of(
            "port", "port",
            "host", "host",
            "state", MessageFilter.SHOWN_STATE,
            "application", "application",
            "error", "coalesce(last_error, '')",
            "day", "<day>");

    private static final Set<MessageState> DUE =
            Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING);

    private final Recent<Map<String, PortCounts>> ports = new Recent<>();
    private final Store store;
    private final PortCounting counting;

    MessageQueries(Store store) {
        this.store = store;
        this.counting = new PortCounting(store);
    }

    /** The message whose id begins so; several when it isn't unique, at most two. */
    public List<MessageRow> byPrefix(String prefix) {
        return store.read(
                handle -> handle.createQuery("SELECT * FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT 2")
                        .bind(0, prefix)
                        .bind(1, prefix + "\uFFFF")
                        .map(MessageRow::map)
                        .list());
    }

    /** Whether there is a message of a port whose name fits; {@code *} stands for any text. */
    public boolean isKnownPort(String name) {
        List<Object> values = new ArrayList<>();
        String where = MessageFilter.all().of(Set.of(name)).sql(values);
        return store.read(handle -> {
            Query query = handle.createQuery("SELECT EXISTS (SELECT 1 FROM message m WHERE " + where + ")");
            bind(query, values);
            return query.mapTo(Boolean.class).one();
        });
    }

    /** The state of a message as lists show it: one that waits is scheduled while the service window of its port is closed. */
    public MessageState shownState(MessageRow row) {
        return store.read(
                handle -> handle.createQuery("SELECT " + MessageFilter.SHOWN_STATE + " FROM message m WHERE m.seq = ?")
                        .bind(0, row.seq())
                        .mapTo(String.class)
                        .findOne()
                        .map(MessageState::valueOf)
                        .orElse(row.state()));
    }

    /** Those that {@code filter} lets through, oldest first; with a limit the newest so many. Read page by page, newest first. */
    public List<MessageRow> list(MessageFilter filter, Optional<Integer> limit) {
        return new MessageList(store, filter).newest(limit);
    }

    /** The newest messages of a filter that came before a place; see {@link MessageList#page}. */
    public MessageList.Page page(MessageFilter filter, long before, int most, Duration patience) {
        return new MessageList(store, filter).page(before, most, patience);
    }

    /**
     * How many messages there are for each combination of {@code fields}.
     *
     * @throws IllegalArgumentException when a field is not known
     */
    public Map<List<String>, Long> count(MessageFilter filter, List<String> fields) {
        List<String> columns = columns(fields);
        return store.read(handle -> count(handle, filter, fields, columns));
    }

    /** As {@link #count(MessageFilter, List)}; empty when it takes longer than {@code patience}. */
    public Optional<Map<List<String>, Long>> count(MessageFilter filter, List<String> fields, Duration patience) {
        List<String> columns = columns(fields);
        return store.readWithin(patience, handle -> count(handle, filter, fields, columns));
    }

    private static List<String> columns(List<String> fields) {
        List<String> columns = new ArrayList<>();
        for (String field : fields) {
            String column = FIELDS.get(field);
            if (column == null) {
                throw new IllegalArgumentException("--by " + field + " is not known, expected "
                        + FIELDS.keySet().stream().sorted().toList());
            }
            columns.add(column);
        }
        return columns;
    }

    private static Map<List<String>, Long> count(
            Handle handle, MessageFilter filter, List<String> fields, List<String> columns) {
        List<Object> values = new ArrayList<>();
        String group = String.join(", ", columns);
        Query query = handle.createQuery("SELECT count(*), " + group + " FROM message m WHERE " + filter.sql(values)
                + " GROUP BY " + group + " ORDER BY 1 DESC");
        bind(query, values);
        Map<List<String>, Long> counts = new LinkedHashMap<>();
        query.map((row, context) -> {
                    List<String> key = new ArrayList<>();
                    for (int i = 0; i < fields.size(); i++) {
                        String value = String.valueOf(row.getString(i + 2));
                        key.add(
                                fields.get(i).equals("state")
                                        ? MessageState.valueOf(value).word()
                                        : value);
                    }
                    return counts.put(key, row.getLong(1)) == null;
                })
                .list();
        return counts;
    }

    static void bind(Query query, List<Object> values) {
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
    }

    /** The submitter's properties of a message. */
    public Context context(MessageRow row) {
        return store.read(handle -> Inbox.context(handle, row));
    }

    /**
     * An attempt as it was.
     *
     * @param delivery the delivery's number
     * @param no the attempt's number
     * @param instance who tried
     * @param startedAt when
     * @param endedAt when; empty while it is open
     * @param components timings, JSON
     * @param result what came of it, JSON; empty while it is open
     */
    public record Attempt(
            int delivery,
            int no,
            String instance,
            Instant startedAt,
            Optional<Instant> endedAt,
            String components,
            Optional<String> result) {}

    /** Every attempt at a message, in order. */
    public List<Attempt> attempts(MessageRow row) {
        return store.read(handle -> handle.createQuery(
                        "SELECT * FROM attempt WHERE message_seq = ? ORDER BY started_at, delivery_no, no")
                .bind(0, row.seq())
                .map((attempt, context) -> {
                    long ended = attempt.getLong("ended_at");
                    boolean open = attempt.wasNull();
                    return new Attempt(
                            attempt.getInt("delivery_no"),
                            attempt.getInt("no"),
                            attempt.getString("instance"),
                            Instant.ofEpochMilli(attempt.getLong("started_at")),
                            open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)),
                            attempt.getString("components"),
                            Optional.ofNullable(attempt.getString("result")));
                })
                .list());
    }

    /**
     * What stands at a port.
     *
     * @param counts messages by state, those that ended left out
     * @param oldestOf when the oldest of each state came
     * @param waitingSince since when the longest-waiting of each state has been ready to be sent: since it was submitted, or resumed later
     * @param lastError of the newest that has one; may be empty
     */
    public record PortCounts(
            Map<MessageState, Long> counts,
            Map<MessageState, Instant> oldestOf,
            Map<MessageState, Instant> waitingSince,
            String lastError) {

        /** Nothing. */
        public static final PortCounts NONE = new PortCounts(Map.of(), Map.of(), Map.of(), "");

        /** When the oldest of all came. */
        public Optional<Instant> oldest() {
            return oldestOf.values().stream().min(Instant::compareTo);
        }

        /** Since when the longest-waiting message that is due, and needs no operator, has been ready. */
        public Optional<Instant> dueSince() {
            return DUE.stream()
                    .flatMap(state -> Optional.ofNullable(waitingSince.get(state)).stream())
                    .min(Instant::compareTo);
        }

        /** Those to be delivered now, which need no operator. */
        public long due() {
            return DUE.stream().mapToLong(this::of).sum();
        }

        /** The number in that state. */
        public long of(MessageState state) {
            return counts.getOrDefault(state, 0L);
        }

        /** All that has not ended. */
        public long open() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * How much has not ended at a port.
     *
     * @param messages how many
     * @param bytes all of their parts
     */
    public record Standing(long messages, long bytes) {}

    /** What has not ended at {@code port}. */
    public Standing standing(String port) {
        return store.read(handle -> handle.createQuery(
                        "SELECT count(*), coalesce(sum(size), 0) FROM message WHERE port = ? AND ended_at IS NULL")
                .bind(0, port)
                .map((row, context) -> new Standing(row.getLong(1), row.getLong(2)))
                .one());
    }

    /** What stands at each port that has anything. */
    public Map<String, PortCounts> ports() {
        return ports.get(counting::now);
    }

    /**
     * Messages of one port that are tried again.
     *
     * @param count how many
     * @param next when the first of them is due
     * @param attempts the most that one of them has behind it
     * @param oldest when the oldest of them came
     * @param lastError of one of them
     */
    public record Retrying(long count, Instant next, long attempts, Instant oldest, String lastError) {}

    /** What is tried again, by port. */
    public Map<String, Retrying> retrying() {
        return store.read(handle -> {
            Map<String, Retrying> ports = new LinkedHashMap<>();
            handle.createQuery(
                            "SELECT port, count(*), min(due_at), max(attempts), min(submitted_at), max(coalesce(last_error, ''))"
                                    + " FROM message WHERE ended_at IS NULL AND state = 'RETRYING'"
                                    + " AND " + MessageFilter.IN_TROUBLE + " GROUP BY port")
                    .map((row, context) -> ports.put(
                                    row.getString(1),
                                    new Retrying(
                                            row.getLong(2),
                                            Instant.ofEpochMilli(row.getLong(3)),
                                            row.getLong(4),
                                            Instant.ofEpochMilli(row.getLong(5)),
                                            row.getString(6)))
                            == null)
                    .list();
            return ports;
        });
    }

    /**
     * Messages that wait for an operator, of one port and with one error.
     *
     * @param port theirs
     * @param error the whole text
     * @param doubtful whether the relay may have them: an attempt was in doubt, whatever came of later ones
     * @param count how many
     * @param since when the first of them came
     */
    public record Stopped(String port, String error, boolean doubtful, long count, Instant since) {}

    /** What is suspended or in doubt, by port and error. */
    public List<Stopped> stopped() {
        return store.read(handle -> handle.createQuery(
                        "SELECT port, coalesce(last_error, ''), doubtful, count(*), min(submitted_at) FROM ("
                                + "SELECT m.port, m.last_error, m.submitted_at, CASE WHEN m.state = 'IN_DOUBT' OR EXISTS"
                                + " (SELECT 1 FROM audit_record r WHERE r.message = m.id AND r.kind = 'IN_DOUBT')"
                                + " THEN 1 ELSE 0 END AS doubtful FROM message m"
                                + " WHERE m.ended_at IS NULL AND m." + MessageFilter.IN_TROUBLE
                                + " AND m.state IN ('SUSPENDED', 'IN_DOUBT')) stopped"
                                + " GROUP BY port, last_error, doubtful ORDER BY 4 DESC, 1, 2")
                .map((row, context) -> new Stopped(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3) == 1,
                        row.getLong(4),
                        Instant.ofEpochMilli(row.getLong(5))))
                .list());
    }

    /** How many messages each instance has in hand. */
    public Map<String, Long> inHand() {
        return store.read(handle -> {
            Map<String, Long> instances = new TreeMap<>();
            handle.createQuery(
                            "SELECT lease_owner, count(*) FROM message WHERE lease_owner IS NOT NULL GROUP BY lease_owner")
                    .map((row, context) -> instances.put(row.getString(1), row.getLong(2)) == null)
                    .list();
            return instances;
        });
    }

    /** How many bodies and sealed mails lie under each key, by its id; those in clear text under the empty id. */
    public Map<String, Long> bodiesByKey() {
        Map<String, Long> counts = new TreeMap<>();
        store.read(handle -> handle.createQuery("SELECT coalesce(key_id, ''), count(*) FROM (SELECT key_id FROM part"
                                + " UNION ALL SELECT key_id FROM delivery WHERE sealed IS NOT NULL OR sealed_id IS NOT NULL) kept"
                                + " GROUP BY key_id")
                        .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                        .list())
                .forEach(each -> counts.put(each.getKey(), each.getValue()));
        return counts;
    }
}
