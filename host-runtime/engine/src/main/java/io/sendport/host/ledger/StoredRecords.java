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
 * Reads the records of one lane in their order, in whichever form they are stored: rows of {@code audit_record} from before version
 * 14, and segments. No SQL outside this package names a table of the ledger.
 */
public final class StoredRecords {

    static final String COLUMNS = "lane, seq, hash, header, salt, private";

    /** Limits how much one call reads. */
    private static final int MAX_ROWS = 1_000;

    private static final int MAX_BYTES = 4 << 20;
    private static final int FETCHED = 16;

    /** More than the segments that can lie between the first record of a segment and its last one. */
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
                segment.secrets());
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
     * A part of a lane, and how it is read.
     *
     * @param lane the lane
     * @param from its first number
     * @param to its last number
     * @param direction the direction of reading
     */
    record SeqRange(long lane, long from, long to, Direction direction) {

        boolean isEmpty() {
            return from > to;
        }

        private long end() {
            return direction.isForward() ? to : from;
        }

        /** What is left of it behind {@code reached}. */
        SeqRange behind(long reached) {
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
     * What a reading may skip. It may still return records that do not fit.
     *
     * @param onRows a condition on rows of {@code audit_record}; starts with AND, or is empty
     * @param onSegments the same on rows of {@code audit_segment}
     * @param mentioned a text in the header of every record that fits
     */
    record Prefilter(String onRows, String onSegments, Optional<String> mentioned) {

        /** Skips nothing. */
        static final Prefilter NOTHING = new Prefilter("", "", Optional.empty());

        private boolean accepts(Segment segment) {
            return mentioned.isEmpty() || segment.mentions(mentioned.get().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Consecutive records.
     *
     * @param links in the direction of reading
     * @param reached nothing is left between the stretch's start and this number
     */
    record Chunk(List<StoredRecord> links, long reached) {}

    /** Rows of one form, and the number up to which they are all there. */
    private record Rows<T>(List<T> rows, long reached) {}

    /**
     * The first records of {@code range}: as many as are read at once.
     *
     * @throws IllegalStateException when a segment's bytes are not records
     */
    static Chunk read(Handle handle, SeqRange range, Prefilter prefilter) {
        return together(range, rows(handle, range, prefilter), segments(handle, range, prefilter));
    }

    /** As {@link #read}, for the records in rows and segments that the indexes name for one of {@code keys}. */
    static Chunk read(Handle handle, SeqRange range, List<IndexKey> keys, Prefilter prefilter) {
        Rows<Long> places = SearchPlaces.inRows(handle, range, keys);
        List<StoredRecord> old = places.rows().isEmpty() ? List.of() : rowsAt(handle, range, places.rows());
        Rows<Segment> packed = SearchPlaces.segments(handle, range, keys, prefilter);
        return together(range, new Rows<>(old, places.reached()), packed);
    }

    private static Chunk together(SeqRange range, Rows<StoredRecord> old, Rows<Segment> packed) {
        long reached = range.direction().nearer(old.reached(), packed.reached());
        List<StoredRecord> links = new ArrayList<>(old.rows());
        Set<Long> known = new HashSet<>();
        old.rows().forEach(link -> known.add(link.seq()));
        // A row may have become part of a segment after it was read.
        packed.rows().forEach(segment -> links(segment).stream()
                .filter(link -> !known.contains(link.seq()))
                .forEach(links::add));
        SeqRange whole = range.direction().isForward()
                ? new SeqRange(range.lane(), range.from(), reached, range.direction())
                : new SeqRange(range.lane(), reached, range.to(), range.direction());
        links.removeIf(link -> !whole.includes(link.seq()));
        Comparator<StoredRecord> bySeq = Comparator.comparingLong(StoredRecord::seq);
        links.sort(range.direction().isForward() ? bySeq : bySeq.reversed());
        return new Chunk(links, reached);
    }

    private static List<StoredRecord> links(Segment segment) {
        try {
            return segment.links();
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
        List<StoredRecord> links = query.setFetchSize(MAX_ROWS)
                .map((row, context) -> StoredRecord.read(row))
                .list();
        return new Rows<>(
                links,
                links.size() < MAX_ROWS
                        ? range.end()
                        : links.get(links.size() - 1).seq());
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
        // No segment has more records, so this bound only helps the database to start at the right place.
        Query query = bound(
                handle.createQuery("SELECT " + Segment.COLUMNS
                        + " FROM audit_segment WHERE lane = :lane AND first_seq > :from - " + Segment.MAX_RECORDS
                        + " AND last_seq >= :from AND first_seq <= :to" + prefilter.onSegments() + range.order()
                        + " LIMIT " + MAX_ROWS),
                range);
        return limited(handle, query, range, prefilter, range.end(), MAX_ROWS);
    }

    /** Whole segments that begin after a place, as many as are read at once. */
    static List<Segment> segmentsBehind(Handle handle, long lane, long after, long upTo) {
        SeqRange range = new SeqRange(lane, after + 1, upTo, Direction.FORWARD);
        Query query = bound(
                handle.createQuery("SELECT " + Segment.COLUMNS
                        + " FROM audit_segment WHERE lane = :lane AND first_seq >= :from AND last_seq <= :to"
                        + " ORDER BY first_seq LIMIT " + MAX_ROWS),
                range);
        return limited(handle, query, range, Prefilter.NOTHING, upTo, MAX_ROWS).rows();
    }

    /** The record at a place. */
    static Optional<StoredRecord> find(Handle handle, long lane, long seq) {
        SeqRange place = new SeqRange(lane, seq, seq, Direction.FORWARD);
        return read(handle, place, Prefilter.NOTHING).links().stream().findFirst();
    }

    /** The header of the record at a place. Reads nothing else, because every message needs it. */
    public static Optional<String> header(Handle handle, long lane, long seq) {
        // Between the two looks, a row may become part of a segment.
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

    /** Stops early at large segments. In a transaction, because PostgreSQL's driver would read all rows at once outside of one. */
    private static Rows<Segment> limited(
            Handle handle, Query query, SeqRange range, Prefilter prefilter, long otherwise, int mostRows) {
        return needsTransaction(handle)
                ? handle.inTransaction(same -> limited(query, range, prefilter, otherwise, mostRows))
                : limited(query, range, prefilter, otherwise, mostRows);
    }

    /** A write already runs in a transaction, which it controls itself. */
    private static boolean needsTransaction(Handle handle) {
        try {
            return handle.getConnection().isReadOnly() && !handle.isInTransaction();
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private static Rows<Segment> limited(
            Query query, SeqRange range, Prefilter prefilter, long otherwise, int mostRows) {
        ResultIterable<Segment> all = query.setFetchSize(FETCHED).map((row, context) -> Segment.read(row));
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
                if (bytes > MAX_BYTES || rows == mostRows) {
                    return new Rows<>(segments, range.direction().isForward() ? next.last() : next.first());
                }
            }
        }
        return new Rows<>(segments, otherwise);
    }

    private static Query bound(Query query, SeqRange range) {
        return query.bind("lane", range.lane()).bind("from", range.from()).bind("to", range.to());
    }

    /** Reads what the indexes name. */
    private static final class SearchPlaces {

        private SearchPlaces() {}

        /** Numbers of rows of {@code audit_record}. */
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
            return limited(
                    handle,
                    query,
                    range,
                    prefilter,
                    isAll ? range.end() : places.get(places.size() - 1),
                    Integer.MAX_VALUE);
        }
    }
}
