package io.sendport.host.box;

import io.sendport.api.message.Context;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.LookUp;
import io.sendport.host.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Read-only queries on messages. */
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

    private final CachedQuery<Map<String, PortCounts>> ports = new CachedQuery<>();
    private final Store store;
    private final PortCounting counting;

    MessageQueries(Store store) {
        this.store = store;
        this.counting = new PortCounting(store);
    }

    /** The message whose id starts with {@code prefix}. Returns two messages if the prefix is ambiguous. */
    public List<MessageRow> byPrefix(String prefix) {
        return store.read(
                handle -> handle.createQuery("SELECT * FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT 2")
                        .bind(0, prefix)
                        .bind(1, prefix + "\uFFFF")
                        .map(MessageRow::map)
                        .list());
    }

    /** Whether any message belongs to a port with a matching name; {@code *} matches any text. */
    public boolean isKnownPort(String name) {
        return store.read(handle ->
                !Phase.ports(handle, EnumSet.allOf(Phase.class), Set.of(name)).isEmpty());
    }

    /**
     * The state of a message as lists show it. A waiting or retrying message is scheduled while the service window of its port is closed.
     * Every other state is the one in {@code row}, because a later state would not fit the error and the times of the row.
     */
    public MessageState shownState(MessageRow row) {
        if (row.state() != MessageState.WAITING && row.state() != MessageState.RETRYING) {
            return row.state();
        }
        return store.read(
                handle -> handle.createQuery("SELECT " + MessageFilter.SHOWN_STATE + " FROM message m WHERE m.seq = ?")
                        .bind(0, row.seq())
                        .mapTo(String.class)
                        .findOne()
                        .map(MessageState::valueOf)
                        .filter(MessageState.SCHEDULED::equals)
                        .orElse(row.state()));
    }

    /** The messages that {@code filter} selects, oldest first. With a limit, only the newest ones. */
    public List<MessageRow> list(MessageFilter filter, Optional<Integer> limit) {
        return new MessageList(store, filter).newest(limit);
    }

    /** A page of the messages that {@code filter} selects; see {@link MessageList#page}. */
    public MessageList.Page page(MessageFilter filter, long before, int most, Duration timeout) {
        return new MessageList(store, filter).page(before, most, timeout);
    }

    /**
     * The number of messages for each combination of {@code fields}.
     *
     * @throws IllegalArgumentException when a field is unknown
     */
    public Map<List<String>, Long> count(MessageFilter filter, List<String> fields) {
        List<String> columns = columns(fields);
        return store.readSnapshot(handle -> count(handle, filter, fields, columns));
    }

    /** Counts as {@link #count(MessageFilter, List)} does; empty when that takes longer than {@code timeout}. */
    public Optional<Map<List<String>, Long>> count(MessageFilter filter, List<String> fields, Duration timeout) {
        List<String> columns = columns(fields);
        return store.readWithin(
                timeout,
                handle -> handle.inTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ, moment -> count(moment, filter, fields, columns)));
    }

    private static List<String> columns(List<String> fields) {
        List<String> columns = new ArrayList<>();
        for (String field : fields) {
            String column = FIELDS.get(field);
            if (column == null) {
                throw new IllegalArgumentException("--by " + field + " is not a known field; expected "
                        + FIELDS.keySet().stream().sorted().toList());
            }
            columns.add(column);
        }
        return columns;
    }

    private static Map<List<String>, Long> count(
            Handle handle, MessageFilter filter, List<String> fields, List<String> columns) {
        if (StateCounts.canCount(filter, fields)) {
            return StateCounts.of(handle, filter, fields);
        }
        List<Object> values = new ArrayList<>();
        String group = String.join(", ", columns);
        Query query = handle.createQuery("SELECT count(*), " + group + " FROM message m WHERE "
                + filter.sql(values, filter.resolved(handle))
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
        return store.read(handle -> SubmittedContent.context(handle, row));
    }

    /**
     * One attempt.
     *
     * @param delivery the delivery's number
     * @param no the attempt's number
     * @param instance the instance that made it
     * @param startedAt its start
     * @param endedAt its end; empty while it is open
     * @param components timings, JSON
     * @param result its result, JSON; empty while it is open
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
        return store.read(handle -> handle.createQuery(FirstAttempt.ATTEMPTS)
                .bind(0, row.seq())
                .bind(1, row.seq())
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
     * The open messages at a port.
     *
     * @param counts messages by state, without ended ones
     * @param oldestOf the submission time of the oldest message of each state
     * @param waitingSince since when the message of each state that has waited longest has been ready to be sent; a resumed message is
     *     ready since it was resumed
     * @param lastError the error of the newest message that has one; may be empty
     */
    public record PortCounts(
            Map<MessageState, Long> counts,
            Map<MessageState, Instant> oldestOf,
            Map<MessageState, Instant> waitingSince,
            String lastError) {

        /** No messages. */
        public static final PortCounts NONE = new PortCounts(Map.of(), Map.of(), Map.of(), "");

        /** When the oldest of all messages was submitted. */
        public Optional<Instant> oldest() {
            return oldestOf.values().stream().min(Instant::compareTo);
        }

        /** Since when the message that has waited longest has been ready. Counts only messages that need no operator. */
        public Optional<Instant> dueSince() {
            return DUE.stream()
                    .flatMap(state -> Optional.ofNullable(waitingSince.get(state)).stream())
                    .min(Instant::compareTo);
        }

        /** The number of messages that are due for delivery and need no operator. */
        public long due() {
            return DUE.stream().mapToLong(this::of).sum();
        }

        /** The number of messages in that state. */
        public long of(MessageState state) {
            return counts.getOrDefault(state, 0L);
        }

        /** The number of messages that have not ended. */
        public long open() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * The amount of open messages at a port.
     *
     * @param messages their number
     * @param bytes the size of all their parts
     */
    public record Backlog(long messages, long bytes) {}

    /** The amount of open messages at {@code port}. */
    public Backlog backlog(String port) {
        return store.read(handle -> handle.createQuery(
                        "SELECT count(*), coalesce(sum(size), 0) FROM message WHERE port = ? AND ended_at IS NULL")
                .bind(0, port)
                .map((row, context) -> new Backlog(row.getLong(1), row.getLong(2)))
                .one());
    }

    /** The open messages of each port that has any. */
    public Map<String, PortCounts> ports() {
        return ports.get(counting::now);
    }

    /**
     * Messages of one port that are being retried.
     *
     * @param count how many
     * @param next when the first of them is due
     * @param attempts the largest number of attempts among them
     * @param oldest when the oldest of them was submitted
     * @param lastError the last error of one of them
     */
    public record Retrying(long count, Instant next, long attempts, Instant oldest, String lastError) {}

    /** The messages that are being retried, by port. */
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
     * Messages of one port that wait for an operator with the same error.
     *
     * @param port their port
     * @param error the whole text of the error
     * @param doubtful whether the relay may have them, because an attempt was in doubt, even if later attempts were not
     * @param count how many
     * @param since when the first of them was submitted
     */
    public record NeedsOperator(String port, String error, boolean doubtful, long count, Instant since) {

        private NeedsOperator and(NeedsOperator other) {
            return new NeedsOperator(
                    port, error, doubtful, count + other.count, since.isBefore(other.since) ? since : other.since);
        }
    }

    /** The messages that are suspended or in doubt, by port and error. */
    public List<NeedsOperator> needingOperator() {
        List<Waiting> all = store.read(handle -> handle.createQuery(
                        "SELECT m.id, m.port, coalesce(m.last_error, ''), m.submitted_at, m.state FROM message m"
                                + " WHERE m.ended_at IS NULL AND m." + MessageFilter.IN_TROUBLE
                                + " AND m.state IN ('SUSPENDED', 'IN_DOUBT')")
                .map((row, context) -> new Waiting(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5).equals(MessageState.IN_DOUBT.name())))
                .list());
        Set<String> doubtful = doubtful(all);
        Map<List<Object>, NeedsOperator> groups = new LinkedHashMap<>();
        for (Waiting each : all) {
            boolean isDoubtful = each.isInDoubt() || doubtful.contains(each.id());
            NeedsOperator one = new NeedsOperator(
                    each.port(), each.error(), isDoubtful, 1, Instant.ofEpochMilli(each.submittedAt()));
            groups.merge(List.of(each.port(), each.error(), isDoubtful), one, NeedsOperator::and);
        }
        return groups.values().stream()
                .sorted(Comparator.comparingLong(NeedsOperator::count)
                        .reversed()
                        .thenComparing(NeedsOperator::port)
                        .thenComparing(NeedsOperator::error))
                .toList();
    }

    /** A message that waits for an operator. */
    private record Waiting(String id, String port, String error, long submittedAt, boolean isInDoubt) {}

    /** The ids of the suspended messages for which the ledger records an attempt in doubt. */
    private Set<String> doubtful(List<Waiting> all) {
        List<String> suspended =
                all.stream().filter(each -> !each.isInDoubt()).map(Waiting::id).toList();
        return suspended.isEmpty()
                ? Set.of()
                : store.readSnapshot(handle -> LookUp.ofMessages(handle, suspended)).stream()
                        .filter(each -> each.is(Kind.IN_DOUBT))
                        .map(each -> each.header("message"))
                        .collect(Collectors.toSet());
    }

    /** How many messages each instance has claimed with a lease in the store. */
    public Map<String, Long> claimed() {
        return store.read(handle -> {
            Map<String, Long> instances = new TreeMap<>();
            handle.createQuery(
                            "SELECT lease_owner, count(*) FROM message WHERE lease_owner IS NOT NULL GROUP BY lease_owner")
                    .map((row, context) -> instances.put(row.getString(1), row.getLong(2)) == null)
                    .list();
            return instances;
        });
    }

    /** The number of bodies and sealed mails encrypted with each key, by key id; the empty id counts those in clear text. */
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
