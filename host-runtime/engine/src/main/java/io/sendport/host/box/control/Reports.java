package io.sendport.host.box.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.message.MessageId;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What instances report about themselves, for commands and programs in other processes. */
public final class Reports {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<SortedSet<String>> NAMES = new TypeReference<>() {};
    private static final long HOUR_MILLIS = 3_600_000;

    /** SQL for the ports with hourly counts before an hour; goes from port to port by the index. */
    public static final String PORTS_COUNTED =
            "WITH RECURSIVE known (port) AS (SELECT min(port) FROM port_hour UNION ALL"
                    + " SELECT (SELECT min(h.port) FROM port_hour h WHERE h.port > known.port) FROM known WHERE known.port IS NOT NULL)"
                    + " SELECT port FROM known WHERE port IS NOT NULL"
                    + " AND EXISTS (SELECT 1 FROM port_hour h WHERE h.port = known.port AND h.hour < ?)";

    /** SQL that deletes the hourly counts of a port before an hour. */
    public static final String FORGET = "DELETE FROM port_hour WHERE port = ? AND hour < ?";

    private final Store store;

    public Reports(Store store) {
        this.store = store;
    }

    /**
     * Replaces the previous report of {@code instance}.
     *
     * @param sent the number of messages that the instance delivered since that report, by port
     * @param at the time of the report; the messages are counted in its hour
     */
    public void publish(String instance, Report report, Map<String, Long> sent, Instant at) {
        store.change(transaction -> {
            withdraw(transaction, instance);
            report.conditions().forEach(each -> insert(transaction, instance, each));
            for (Report.Step each : report.steps()) {
                transaction
                        .handle()
                        .execute(
                                "INSERT INTO step (instance, message, port, what, since) VALUES (?, ?, ?, ?, ?)",
                                instance,
                                each.message().value(),
                                each.port(),
                                each.what(),
                                each.since().toEpochMilli());
            }
            for (Report.Activity each : report.activity()) {
                transaction
                        .handle()
                        .execute(
                                "INSERT INTO activity (instance, port, last_minute, last_at) VALUES (?, ?, ?, ?)",
                                instance,
                                each.port(),
                                each.lastMinute(),
                                each.lastAt().toEpochMilli());
            }
            sent.forEach((port, number) -> transaction
                    .handle()
                    .execute(
                            "INSERT INTO port_hour (port, hour, sent) VALUES (?, ?, ?)"
                                    + " ON CONFLICT (port, hour) DO UPDATE SET sent = port_hour.sent + excluded.sent",
                            port,
                            hour(at),
                            number));
        });
    }

    /** Deletes the report of an instance that has ended. */
    static void withdraw(Transaction transaction, String instance) {
        transaction.handle().execute("DELETE FROM condition WHERE instance = ?", instance);
        transaction.handle().execute("DELETE FROM step WHERE instance = ?", instance);
        transaction.handle().execute("DELETE FROM activity WHERE instance = ?", instance);
    }

    private static void insert(Transaction transaction, String instance, Condition condition) {
        transaction
                .handle()
                .execute(
                        "INSERT INTO condition (instance, kind, subject, severity, since, count, detail, until, ports)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        instance,
                        condition.kind().name(),
                        condition.subject().name(),
                        condition.severity().name(),
                        condition.since().toEpochMilli(),
                        condition.count(),
                        condition.detail(),
                        condition.until().map(Instant::toEpochMilli).orElse(null),
                        names(condition.ports()));
    }

    /** The conditions that these instances report. */
    public List<Condition> conditions(Collection<String> instances) {
        return store
                .readWithShortTimeout(handle -> handle.createQuery(
                                "SELECT instance, kind, subject, severity, since, count, detail, until, ports FROM condition ORDER BY instance, kind, subject")
                        .map((row, context) -> condition(row))
                        .list())
                .stream()
                .filter(each -> instances.containsAll(each.instances()))
                .toList();
    }

    private static Condition condition(ResultSet row) throws SQLException {
        ConditionKind kind = ConditionKind.valueOf(row.getString(2));
        long until = row.getLong(8);
        boolean open = row.wasNull();
        return new Condition(
                        kind,
                        new Subject(kind.subject(), row.getString(3)),
                        Severity.valueOf(row.getString(4)),
                        Instant.ofEpochMilli(row.getLong(5)),
                        row.getLong(6),
                        row.getString(7),
                        open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until)),
                        names(row.getString(9)),
                        new TreeSet<>())
                .reportedBy(row.getString(1));
    }

    /** The instance that works on a message, and the current step; empty when none of {@code instances} reports it. */
    public Optional<Map.Entry<String, Report.Step>> step(MessageId message, Collection<String> instances) {
        return store
                .read(handle -> handle.createQuery(
                                "SELECT instance, message, port, what, since FROM step WHERE message = ?")
                        .bind(0, message.value())
                        .map((row, context) -> Map.entry(
                                row.getString(1),
                                new Report.Step(
                                        new MessageId(row.getString(2)),
                                        row.getString(3),
                                        row.getString(4),
                                        Instant.ofEpochMilli(row.getLong(5)))))
                        .list())
                .stream()
                .filter(each -> instances.contains(each.getKey()))
                .findFirst();
    }

    /** The recent deliveries of {@code instances}, by port. */
    public Map<String, Report.Activity> activity(Collection<String> instances) {
        Map<String, Report.Activity> activity = new HashMap<>();
        store
                .readWithShortTimeout(handle -> handle.createQuery(
                                "SELECT instance, port, last_minute, last_at FROM activity")
                        .map((row, context) -> Map.entry(
                                row.getString(1),
                                new Report.Activity(
                                        row.getString(2), row.getLong(3), Instant.ofEpochMilli(row.getLong(4)))))
                        .list())
                .stream()
                .filter(each -> instances.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .forEach(each -> activity.merge(each.port(), each, Reports::sum));
        return activity;
    }

    private static Report.Activity sum(Report.Activity a, Report.Activity b) {
        return new Report.Activity(
                a.port(), a.lastMinute() + b.lastMinute(), a.lastAt().isAfter(b.lastAt()) ? a.lastAt() : b.lastAt());
    }

    /** The number of messages that {@code port} delivered, by hour, starting at {@code from}. */
    public Map<Instant, Long> hours(String port, Instant from) {
        Map<Instant, Long> hours = new HashMap<>();
        store.read(handle -> handle.createQuery("SELECT hour, sent FROM port_hour WHERE port = ? AND hour >= ?")
                        .bind(0, port)
                        .bind(1, hour(from))
                        .map((row, context) -> Map.entry(row.getLong(1), row.getLong(2)))
                        .list())
                .forEach(each -> hours.put(Instant.ofEpochMilli(each.getKey() * HOUR_MILLIS), each.getValue()));
        return hours;
    }

    /** Deletes the hourly counts of {@code port} before {@code before}. */
    public static void forget(Transaction transaction, String port, Instant before) {
        transaction.handle().execute(FORGET, port, hour(before));
    }

    /** The ports with hourly counts before {@code before}. Does not read all rows: a year of many ports is a million rows. */
    public List<String> portsCounted(Instant before) {
        return store.read(handle -> handle.createQuery(PORTS_COUNTED)
                .bind(0, hour(before))
                .mapTo(String.class)
                .list());
    }

    private static long hour(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), HOUR_MILLIS);
    }

    private static String names(Collection<String> names) {
        try {
            return JSON.writeValueAsString(names);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("port names cannot be written as JSON", e);
        }
    }

    private static SortedSet<String> names(String json) {
        try {
            return JSON.readValue(json, NAMES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a condition in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
