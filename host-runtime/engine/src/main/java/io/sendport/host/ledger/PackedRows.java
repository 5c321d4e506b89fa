package io.sendport.host.ledger;

import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.store.commit.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Replaces rows of {@code audit_record}, the form before version 14, with a segment. */
public final class PackedRows {

    private static final byte[] NO_SALT = new byte[Segment.SALT];

    private PackedRows() {}

    /**
     * A row whose record was checked.
     *
     * @param link the record
     * @param at its time
     * @param kind its kind
     */
    public record Checked(StoredRecord link, Instant at, String kind) {}

    /** The number of the first row of each lane that has rows: it grows while they are packed. */
    public static Map<Long, Long> firsts(Handle handle) {
        Map<Long, Long> firsts = new HashMap<>();
        for (Lane.Extent each : Lane.extents(handle)) {
            long lane = each.head().lane();
            handle.createQuery("SELECT min(seq) FROM audit_record WHERE lane = ?")
                    .bind(0, lane)
                    .mapTo(Long.class)
                    .findOne()
                    .ifPresent(seq -> firsts.put(lane, seq));
        }
        return firsts;
    }

    /** Whether the lane has rows that are not pruned. */
    public static boolean hasRows(Handle handle, Lane.Extent lane) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_record WHERE lane = ? AND seq > ?)")
                .bind(0, lane.head().lane())
                .bind(1, lane.begin().seq())
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * The first rows of a lane.
     *
     * @param begin the last place that was pruned
     * @param rows as many as a segment may have
     */
    public record First(Ledger.Head begin, List<Unit.Row> rows) {}

    /**
     * The first rows of the lane. Nobody prunes, erases or indexes in the lane until the transaction ends.
     *
     * @param columns SQL of the search columns of a row
     */
    public static First first(Handle handle, long lane, String columns) {
        SearchIndex.hold(handle, lane);
        Ledger.Head begin =
                Lane.extent(handle, lane).map(Lane.Extent::begin).orElse(new Ledger.Head(lane, 0, Hashing.NONE));
        List<Unit.Row> rows = handle.createQuery("SELECT " + StoredRecords.COLUMNS + ", " + columns
                        + " FROM audit_record WHERE lane = ? AND seq > ? ORDER BY seq LIMIT " + Segment.MAX_RECORDS)
                .bind(0, lane)
                .bind(1, begin.seq())
                .map((row, context) -> new Unit.Row(StoredRecord.read(row), row.getString(7)))
                .list();
        return new First(begin, rows);
    }

    /** The headers of the lane's rows that name a statement. */
    public static List<String> naming(Handle handle, long lane) {
        return handle.createQuery(
                        "SELECT header FROM audit_record WHERE lane = ? AND message IS NULL AND kind = 'CHECKPOINT'")
                .bind(0, lane)
                .mapTo(String.class)
                .list();
    }

    /** The hash of the record at a place. */
    public static Optional<String> hash(Handle handle, long lane, long seq) {
        return StoredRecords.find(handle, lane, seq).map(StoredRecord::hash);
    }

    /**
     * Replaces as many of {@code rows} as fit into one segment: consecutive ones, of which {@link #first} returned the first. Within
     * the transaction, the rows and their index entries go, and the segment and its entries come.
     *
     * @return how many were replaced
     * @throws NotPackedException when the segment would not return the same records, or the rows or their index entries are not
     *     all there; the transaction must be rolled back
     */
    public static int replace(Transaction transaction, List<Checked> rows) {
        StoredRecord start = rows.get(0).link();
        Segment.Growing growing = new Segment.Growing(start.lane(), start.seq());
        int count = 0;
        for (Checked each : rows) {
            byte[] header = each.link().header().getBytes(StandardCharsets.UTF_8);
            byte[] secret = secret(each.link());
            if (growing.isFull(header.length + secret.length)) {
                break;
            }
            growing.add(
                    each.at(),
                    each.kind(),
                    header,
                    each.link().hash(),
                    each.link().salt().orElse(NO_SALT),
                    secret);
            count++;
        }
        Segment segment = growing.done();
        List<StoredRecord> links =
                rows.subList(0, count).stream().map(Checked::link).toList();
        requireSame(links, segment);
        Handle handle = transaction.handle();
        StoredRecords.insert(transaction.sql(), segment);
        SearchIndex.replace(handle, links, segment);
        int deleted = handle.execute(
                "DELETE FROM audit_record WHERE lane = ? AND seq >= ? AND seq <= ?",
                segment.lane(),
                segment.first(),
                segment.last());
        if (deleted != count) {
            throw new NotPackedException(
                    "rows of records " + segment.place() + " are missing: " + deleted + " instead of " + count);
        }
        return count;
    }

    /** Zeros stand for an erased private part; one byte does. */
    private static byte[] secret(StoredRecord link) {
        String secret = link.secret();
        return link.isBlank() || secret == null ? new byte[1] : secret.getBytes(StandardCharsets.UTF_8);
    }

    private static void requireSame(List<StoredRecord> rows, Segment segment) {
        List<StoredRecord> packed = segment.links();
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).isSameAs(packed.get(i))) {
                throw new NotPackedException("record " + rows.get(i).place() + " does not survive being packed");
            }
        }
    }
}
