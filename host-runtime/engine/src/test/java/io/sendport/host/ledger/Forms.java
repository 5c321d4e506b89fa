package io.sendport.host.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jdbi.v3.core.Handle;

/**
 * The two forms of the ledger in a store: rows of {@code audit_record} as before version 14, and segments. For tests: who forges
 * writes SQL about rows, and the segments are made to agree.
 */
final class Forms {

    private Forms() {}

    /** What an insider does to rows. */
    interface Forgery<T> {
        T run();
    }

    /** The first and the last number of a segment. */
    private record Range(long lane, long first, long last) {
        boolean includes(long inLane, long seq) {
            return lane == inLane && seq >= first && seq <= last;
        }
    }

    /** A row, as an insider left it. */
    private record Row(
            long lane,
            long seq,
            long at,
            String kind,
            String header,
            String hash,
            Optional<byte[]> salt,
            String secret) {}

    /** Takes the segments apart into rows, runs {@code forgery}, and puts the rows together in the same segments. */
    static <T> T asRows(Handle handle, Forgery<T> forgery) {
        List<Range> ranges = new ArrayList<>();
        for (Segment each : segments(handle)) {
            ranges.add(new Range(each.lane(), each.first(), each.last()));
            each.records().forEach(link -> insertRow(handle, link));
        }
        List<Long> rows = handle.createQuery(
                        "SELECT seq FROM audit_record WHERE NOT EXISTS (SELECT 1 FROM audit_segment s"
                                + " WHERE s.lane = audit_record.lane AND audit_record.seq >= s.first_seq AND audit_record.seq <= s.last_seq)")
                .mapTo(Long.class)
                .list();
        handle.execute("DELETE FROM audit_segment");
        T result = forgery.run();
        pack(handle, ranges, rows::contains);
        return result;
    }

    /** Joins the segments of one record, so that each new one ends at a multiple of {@code size} or at one of {@code ends}. */
    static void join(Handle handle, int size, List<Long> ends) {
        List<Range> ranges = new ArrayList<>();
        for (Segment each : segments(handle)) {
            Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            boolean isNew =
                    last == null || last.lane() != each.lane() || last.last() % size == 0 || ends.contains(last.last());
            if (isNew) {
                ranges.add(new Range(each.lane(), each.first(), each.last()));
            } else {
                ranges.set(ranges.size() - 1, new Range(each.lane(), last.first(), each.last()));
            }
            each.records().forEach(link -> insertRow(handle, link));
        }
        handle.execute("DELETE FROM audit_segment");
        pack(handle, ranges, seq -> false);
        handle.execute("DELETE FROM audit_key");
        handle.execute("DELETE FROM audit_indexed");
    }

    /** Makes rows of the segments up to there, with their own indexes, as a program before version 14 left them. */
    static void toRows(Handle handle, long upTo) {
        for (Segment each : segments(handle)) {
            if (each.last() <= upTo) {
                for (StoredRecord link : each.records()) {
                    insertRow(handle, link);
                    Map<String, Object> secret = AuditRecord.of(link).secret();
                    IndexKey.addresses(secret)
                            .forEach(address -> handle.execute(
                                    "INSERT INTO audit_recipient (address, lane, seq) VALUES (?, ?, ?)",
                                    address,
                                    link.lane(),
                                    link.seq()));
                    IndexKey.properties(secret)
                            .forEach((name, value) -> handle.execute(
                                    "INSERT INTO audit_property (name, value, lane, seq) VALUES (?, ?, ?, ?)",
                                    String.valueOf(name),
                                    IndexKey.begin(String.valueOf(value)),
                                    link.lane(),
                                    link.seq()));
                }
                handle.execute("DELETE FROM audit_key WHERE lane = ? AND segment = ?", each.lane(), each.first());
                handle.execute("DELETE FROM audit_segment WHERE lane = ? AND first_seq = ?", each.lane(), each.first());
            }
        }
    }

    private static List<Segment> segments(Handle handle) {
        return handle.createQuery("SELECT " + Segment.COLUMNS + " FROM audit_segment ORDER BY lane, first_seq")
                .map((row, context) -> Segment.read(row))
                .list();
    }

    static void insertRow(Handle handle, StoredRecord link) {
        AuditRecord record = AuditRecord.of(link);
        handle.createUpdate(
                        "INSERT INTO audit_record (lane, seq, at, kind, port, message, step, mime_message_id, queue_id,"
                                + " header, hash, salt, private) VALUES (:lane, :seq, :at, :kind, :port, :message, :step, :mime,"
                                + " :queue, :header, :hash, :salt, :private)")
                .bind("lane", link.lane())
                .bind("seq", link.seq())
                .bind("at", record.at().toEpochMilli())
                .bind("kind", record.header("kind"))
                .bind("port", (String) record.header().get("port"))
                .bind("message", (String) record.header().get("message"))
                .bind(
                        "step",
                        record.header().get("step") instanceof Number step ? Long.valueOf(step.longValue()) : null)
                .bind("mime", (String) record.secret().get("mimeMessageId"))
                .bind("queue", (String) record.secret().get("queueId"))
                .bind("header", link.header())
                .bind("hash", link.hash())
                .bind("salt", link.salt().orElse(null))
                .bind("private", link.secret())
                .execute();
    }

    private static void pack(Handle handle, List<Range> ranges, LongPredicate staysRow) {
        List<Row> rows = handle.createQuery(
                        "SELECT lane, seq, at, kind, header, hash, salt, private FROM audit_record ORDER BY lane, seq")
                .map((row, context) -> new Row(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        Optional.ofNullable(row.getBytes(7)),
                        row.getString(8)))
                .list();
        Map<Range, List<Row>> bySegment =
                new TreeMap<>(Comparator.comparingLong(Range::lane).thenComparingLong(Range::first));
        for (Row each : rows) {
            if (staysRow.test(each.seq())) {
                continue;
            }
            Range range = ranges.stream()
                    .filter(one -> one.includes(each.lane(), each.seq()))
                    .findFirst()
                    .orElse(new Range(each.lane(), each.seq(), each.seq()));
            bySegment.computeIfAbsent(range, one -> new ArrayList<>()).add(each);
            handle.execute("DELETE FROM audit_record WHERE lane = ? AND seq = ?", each.lane(), each.seq());
        }
        bySegment.forEach((range, of) -> insert(handle, of));
    }

    private static void insert(Handle handle, List<Row> rows) {
        Segment.Growing growing =
                new Segment.Growing(rows.get(0).lane(), rows.get(0).seq());
        for (Row each : rows) {
            growing.add(
                    Instant.ofEpochMilli(each.at()),
                    each.kind(),
                    each.header().getBytes(StandardCharsets.UTF_8),
                    each.hash(),
                    each.salt().orElse(new byte[Segment.SALT_BYTES]),
                    Optional.ofNullable(each.secret()).orElse("").getBytes(StandardCharsets.UTF_8));
        }
        Segment made = growing.build();
        Segment.Derived derived = made.derived();
        handle.execute(
                "INSERT INTO audit_segment (" + Segment.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                made.lane(),
                made.first(),
                rows.get(rows.size() - 1).seq(),
                derived.minAt(),
                derived.maxAt(),
                derived.kinds(),
                derived.lastHash(),
                made.headers(),
                made.privateParts());
    }
}
