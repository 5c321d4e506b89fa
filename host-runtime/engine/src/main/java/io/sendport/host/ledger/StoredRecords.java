package io.sendport.host.ledger;

import io.sendport.host.store.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.Query;

/**
 * Reads the records of one lane in order, from both forms of storage: rows of {@code audit_record} from before version 14, and
 * segments. Only this package has SQL for the tables of records.
 */
public final class StoredRecords {

    static final String COLUMNS = "lane, seq, hash, header, salt, private";

    /** The maximum number of rows or segments in one call. */
    private static final int MAX_ROWS = 1_000;

    /** The size of segments after which a call reads no more of them. */
    private static final int MAX_BYTES = 4 << 20;

    private static final int FETCH_SIZE = 16;

    /** The maximum number of places from an index. It exceeds {@link Segment#MAX_RECORDS}, so that each read makes progress. */
    private static final int MAX_PLACES = Segment.MAX_RECORDS + 200;

    private StoredRecords() {}

    static void insert(Sql sql, Segment segment) {
        Segment.Derived derived = segment.derived();
        sql.change(
                "INSERT INTO audit_segment (" + Segment.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                segment.lane(),
                segment.first(),
                segment.last(),
                derived.minAt(),
                derived.maxAt(),
                derived.kinds(),
                derived.lastHash(),
                segment.headers(),
                segment.privateParts());
    }

    /** The direction of reading. */
    enum Direction {
        /** From the oldest record. */
        FORWARD,
        /** From the newest record. */
        BACKWARD;

        private boolean isForward() {
            return this == FORWARD;
        }

        private long nearer(long one, long other) {
            return isForward() ? Math.min(one, other) : Math.max(one, other);
        }
    }

    /**
     * A range of a lane to read.
     *
     * @param lane the lane
     * @param from the lowest number
     * @param to the highest number; the range is empty if it is less than {@code from}
     * @param direction the direction of reading
     */
    record SeqRange(long lane, long from, long to, Direction direction) {

        boolean isEmpty() {
            return from > to;
        }

        /** Returns the number that is read last. */
        private long end() {
            return direction.isForward() ? to : from;
        }

        /** Returns the part of the range that is read after {@code reached}. */
        SeqRange after(long reached) {
            return direction.isForward()
                    ? new SeqRange(lane, reached + 1, to, direction)
                    : new SeqRange(lane, from, reached - 1, direction);
        }

        private boolean includes(long seq) {
            return seq >= from && seq <= to;
        }

        private String order() {
            return direction.isForward() ? " ORDER BY 2" : " ORDER BY 2 DESC";
        }
    }

    /**
     * Lets a read skip rows and segments without a match. The read may still return records that do not match.
     *
     * @param onRows an SQL condition on rows of {@code audit_record}; starts with AND, or is empty
     * @param onSegments an SQL condition on rows of {@code audit_segment}; starts with AND, or is empty
     * @param mentioned a text that the header of every matching record contains; empty if there is none
     */
    record Prefilter(String onRows, String onSegments, Optional<String> mentioned) {

        /** Skips nothing. */
        static final Prefilter NOTHING = new Prefilter("", "", Optional.empty());

        private boolean accepts(Segment segment) {
            return mentioned.isEmpty() || segment.mentions(mentioned.get().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The result of one read.
     *
     * @param links the records, in the direction of reading
     * @param reached the number up to which the range is read
     */
    record Chunk(List<StoredRecord> links, long reached) {}

    /** Rows of one form, and the number up to which they are complete. */
    private record Rows<T>(List<T> rows, long reached) {}

    /**
     * Reads the first records of {@code range}, up to the limits of one call.
     *
     * @throws IllegalStateException when a segment is damaged
     */
    static Chunk read(Handle handle, SeqRange range, Prefilter prefilter) {
        return merged(range, rows(handle, range, prefilter), segments(handle, range, prefilter));
    }

    /** As {@link #read(Handle, SeqRange, Prefilter)}, but reads only rows and segments that an index names for one of {@code keys}. */
    static Chunk read(Handle handle, SeqRange range, List<IndexKey> keys, Prefilter prefilter) {
        Rows<Long> seqs = SearchPlaces.inRows(handle, range, keys);
        List<StoredRecord> rows = seqs.rows().isEmpty() ? List.of() : rowsAt(handle, range, seqs.rows());
        Rows<Segment> segments = SearchPlaces.segments(handle, range, keys, prefilter);
        return merged(range, new Rows<>(rows, seqs.reached()), segments);
    }

    private static Chunk merged(SeqRange range, Rows<StoredRecord> rows, Rows<Segment> segments) {
        long reached = range.direction().nearer(rows.reached(), segments.reached());
        List<StoredRecord> records = new ArrayList<>(rows.rows());
        Set<Long> known = new HashSet<>();
        rows.rows().forEach(row -> known.add(row.seq()));
        // A row may be packed into a segment between the two queries. Skip the duplicate.
        segments.rows().forEach(segment -> records(segment).stream()
                .filter(record -> !known.contains(record.seq()))
                .forEach(records::add));
        SeqRange complete = range.direction().isForward()
                ? new SeqRange(range.lane(), range.from(), reached, range.direction())
                : new SeqRange(range.lane(), reached, range.to(), range.direction());
        records.removeIf(record -> !complete.includes(record.seq()));
        Comparator<StoredRecord> bySeq = Comparator.comparingLong(StoredRecord::seq);
        records.sort(range.direction().isForward() ? bySeq : bySeq.reversed());
        return new Chunk(records, reached);
    }

    private static List<StoredRecord> records(Segment segment) {
        try {
            return segment.records();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "segment " + segment.place() + " of the ledger is damaged: " + e.getMessage()
                            + ". Run `sendport audit verify`",
                    e);
        }
    }

    private static Rows<StoredRecord> rows(Handle handle, SeqRange range, Prefilter prefilter) {
        Query query = bound(
                handle.createQuery("SELECT " + COLUMNS
                        + " FROM audit_record WHERE lane = :lane AND seq >= :from AND seq <= :to"
                        + prefilter.onRows() + range.order() + " LIMIT " + MAX_ROWS),
                range);
        List<StoredRecord> rows = query.setFetchSize(MAX_ROWS)
                .map((row, context) -> StoredRecord.read(row))
                .list();
        return new Rows<>(
                rows,
                rows.size() < MAX_ROWS ? range.end() : rows.get(rows.size() - 1).seq());
    }

    private static List<StoredRecord> rowsAt(Handle handle, SeqRange range, List<Long> seqs) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM audit_record WHERE lane = :lane AND seq IN (<seqs>)"
                        + range.order())
                .bind("lane", range.lane())
                .bindList("seqs", seqs)
                .map((row, context) -> StoredRecord.read(row))
                .list();
    }

    private static Rows<Segment> segments(Handle handle, SeqRange range, Prefilter prefilter) {
        // The condition on first_seq excludes no match. It lets the database start at the right place of the index.
        Query query = bound(
                handle.createQuery("SELECT " + Segment.COLUMNS
                        + " FROM audit_segment WHERE lane = :lane AND first_seq > :from - " + Segment.MAX_RECORDS
                        + " AND last_seq >= :from AND first_seq <= :to" + prefilter.onSegments() + range.order()
                        + " LIMIT " + MAX_ROWS),
                range);
        return readLimited(handle, query, range, prefilter, range.end(), MAX_ROWS);
    }

    /** Returns the next whole segments that start after number {@code after}, up to the limits of one call. */
    static List<Segment> segmentsAfter(Handle handle, long lane, long after, long upTo) {
        SeqRange range = new SeqRange(lane, after + 1, upTo, Direction.FORWARD);
        Query query = bound(
                handle.createQuery("SELECT " + Segment.COLUMNS
                        + " FROM audit_segment WHERE lane = :lane AND first_seq >= :from AND last_seq <= :to"
                        + " ORDER BY first_seq LIMIT " + MAX_ROWS),
                range);
        return readLimited(handle, query, range, Prefilter.NOTHING, upTo, MAX_ROWS)
                .rows();
    }

    /** Returns the record at a place; empty when there is none. */
    static Optional<StoredRecord> find(Handle handle, long lane, long seq) {
        SeqRange place = new SeqRange(lane, seq, seq, Direction.FORWARD);
        return read(handle, place, Prefilter.NOTHING).links().stream().findFirst();
    }

    /** Returns the header of the record at a place; empty when there is none. Reads only the header, because every message needs it. */
    public static Optional<String> header(Handle handle, long lane, long seq) {
        // A row may be packed into a segment between the first two queries.
        return headerInSegment(handle, lane, seq)
                .or(() -> handle.createQuery("SELECT header FROM audit_record WHERE lane = ? AND seq = ?")
                        .bind(0, lane)
                        .bind(1, seq)
                        .mapTo(String.class)
                        .findOne())
                .or(() -> headerInSegment(handle, lane, seq));
    }

    private static Optional<String> headerInSegment(Handle handle, long lane, long seq) {
        return handle.createQuery("SELECT first_seq, headers FROM audit_segment WHERE lane = ? AND first_seq <= ?"
                        + " AND last_seq >= ? ORDER BY first_seq DESC LIMIT 1")
                .bind(0, lane)
                .bind(1, seq)
                .bind(2, seq)
                .map((row, context) -> Segment.header(row.getBytes(2), seq - row.getLong(1)))
                .findOne();
    }

    /**
     * Reads segments up to the limits of one call. Uses a transaction, because outside of one the PostgreSQL driver fetches all rows at
     * once.
     *
     * @param end the number up to which the range is read if no limit applies
     */
    private static Rows<Segment> readLimited(
            Handle handle, Query query, SeqRange range, Prefilter prefilter, long end, int maxRows) {
        return needsTransaction(handle)
                ? handle.inTransaction(same -> readLimited(query, range, prefilter, end, maxRows))
                : readLimited(query, range, prefilter, end, maxRows);
    }

    /** Returns false for a connection that writes, because its writer controls the transaction. */
    private static boolean needsTransaction(Handle handle) {
        try {
            return handle.getConnection().isReadOnly() && !handle.isInTransaction();
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private static Rows<Segment> readLimited(Query query, SeqRange range, Prefilter prefilter, long end, int maxRows) {
        ResultIterable<Segment> all = query.setFetchSize(FETCH_SIZE).map((row, context) -> Segment.read(row));
        List<Segment> segments = new ArrayList<>();
        int rows = 0;
        long bytes = 0;
        try (var each = all.iterator()) {
            while (each.hasNext()) {
                Segment next = each.next();
                rows++;
                if (prefilter.accepts(next)) {
                    segments.add(next);
                    bytes += next.size();
                }
                if (bytes > MAX_BYTES || rows == maxRows) {
                    return new Rows<>(segments, range.direction().isForward() ? next.last() : next.first());
                }
            }
        }
        return new Rows<>(segments, end);
    }

    private static Query bound(Query query, SeqRange range) {
        return query.bind("lane", range.lane()).bind("from", range.from()).bind("to", range.to());
    }

    /** Looks up the places that the indexes name. */
    private static final class SearchPlaces {

        private SearchPlaces() {}

        /** Returns numbers of rows of {@code audit_record}. All keys must be of the same kind. */
        static Rows<Long> inRows(Handle handle, SeqRange range, List<IndexKey> keys) {
            IndexKey.By by = keys.get(0).by();
            String columns =
                    switch (by) {
                        case MESSAGE -> "FROM audit_record WHERE message IN (<values>)";
                        case RECIPIENT -> "FROM audit_recipient WHERE address IN (<values>)";
                        case PROPERTY -> "FROM audit_property WHERE name IN (<names>) AND value IN (<values>)";
                        case KIND -> "FROM audit_record WHERE message IS NULL AND kind IN (<values>)";
                    };
            Query query = bound(
                    handle.createQuery("SELECT DISTINCT lane, seq " + columns
                            + " AND lane = :lane AND seq >= :from AND seq <= :to" + range.order() + " LIMIT "
                            + MAX_PLACES),
                    range);
            query.bindList("values", keys.stream().map(IndexKey::value).toList());
            if (by == IndexKey.By.PROPERTY) {
                query.bindList("names", keys.stream().map(IndexKey::name).toList());
            }
            List<Long> seqs = query.map((row, context) -> row.getLong(2)).list();
            return new Rows<>(seqs, seqs.size() < MAX_PLACES ? range.end() : seqs.get(seqs.size() - 1));
        }

        /** Returns the segments that contain one of {@code keys}. */
        static Rows<Segment> segments(Handle handle, SeqRange range, List<IndexKey> keys, Prefilter prefilter) {
            List<Long> places = bound(
                            handle.createQuery("SELECT DISTINCT lane, segment FROM audit_key WHERE key IN (<keys>)"
                                    + " AND lane = :lane AND segment > :from - " + Segment.MAX_RECORDS
                                    + " AND segment <= :to" + range.order() + " LIMIT " + MAX_PLACES),
                            range)
                    .bindList("keys", keys.stream().map(IndexKey::text).toList())
                    .map((row, context) -> row.getLong(2))
                    .list();
            if (places.isEmpty()) {
                return new Rows<>(List.of(), range.end());
            }
            boolean isAll = places.size() < MAX_PLACES;
            Query query = handle.createQuery("SELECT " + Segment.COLUMNS
                            + " FROM audit_segment WHERE lane = :lane AND first_seq IN (<places>) AND last_seq >= :from"
                            + prefilter.onSegments() + range.order())
                    .bind("lane", range.lane())
                    .bind("from", range.from())
                    .bindList("places", places);
            return readLimited(
                    handle,
                    query,
                    range,
                    prefilter,
                    isAll ? range.end() : places.get(places.size() - 1),
                    Integer.MAX_VALUE);
        }
    }
}
