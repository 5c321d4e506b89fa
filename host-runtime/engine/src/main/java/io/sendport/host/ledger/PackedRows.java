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

/** Replaces rows of {@code audit_record}, the form of storage before version 14, with segments. */
public final class PackedRows {

    private static final byte[] ERASED_SALT = new byte[Segment.SALT_BYTES];

    private PackedRows() {}

    /**
     * A row whose record was checked.
     *
     * @param link the record
     * @param at its time
     * @param kind its kind
     */
    public record Checked(StoredRecord link, Instant at, String kind) {}

    /** Returns the number of the first row of each lane that has rows. It changes when rows are packed. */
    public static Map<Long, Long> firstRows(Handle handle) {
        Map<Long, Long> firstRows = new HashMap<>();
        for (Lane.Extent each : Lane.extents(handle)) {
            long lane = each.head().lane();
            handle.createQuery("SELECT min(seq) FROM audit_record WHERE lane = ?")
                    .bind(0, lane)
                    .mapTo(Long.class)
                    .findOne()
                    .ifPresent(seq -> firstRows.put(lane, seq));
        }
        return firstRows;
    }

    /** Returns whether the lane has rows that are not pruned. */
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
     * @param begin the last pruned place; number 0 if none was pruned
     * @param rows the rows, at most as many as one segment can contain
     */
    public record First(Ledger.Head begin, List<Unit.Row> rows) {}

    /**
     * Returns the first rows of the lane. No other transaction prunes, erases or indexes in the lane until this transaction ends.
     *
     * @param columns the SQL expression for the search columns of a row
     */
    public static First first(Handle handle, long lane, String columns) {
        SearchIndex.lock(handle, lane);
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

    /** Returns the headers of the lane's rows of kind {@link Kind#CHECKPOINT}. */
    public static List<String> checkpointHeaders(Handle handle, long lane) {
        return handle.createQuery(
                        "SELECT header FROM audit_record WHERE lane = ? AND message IS NULL AND kind = 'CHECKPOINT'")
                .bind(0, lane)
                .mapTo(String.class)
                .list();
    }

    /** Returns the hash of the record at a place; empty when there is no such record. */
    public static Optional<String> hash(Handle handle, long lane, long seq) {
        return StoredRecords.find(handle, lane, seq).map(StoredRecord::hash);
    }

    /**
     * Replaces as many of {@code rows} as fit into one segment. Deletes the rows with their index entries, and inserts the segment with
     * its entries.
     *
     * @param rows consecutive rows that {@link #first} returned in this transaction, from its first row; at least one
     * @return how many rows were replaced
     * @throws NotPackedException when the segment would not contain the same records, or when rows or index entries are missing. The
     *     caller must roll back the transaction
     */
    public static int replace(Transaction transaction, List<Checked> rows) {
        StoredRecord start = rows.get(0).link();
        Segment.Growing growing = new Segment.Growing(start.lane(), start.seq());
        int count = 0;
        for (Checked each : rows) {
            byte[] header = each.link().header().getBytes(StandardCharsets.UTF_8);
            byte[] privatePart = privatePart(each.link());
            if (growing.isFull(header.length + privatePart.length)) {
                break;
            }
            growing.add(
                    each.at(),
                    each.kind(),
                    header,
                    each.link().hash(),
                    each.link().salt().orElse(ERASED_SALT),
                    privatePart);
            count++;
        }
        Segment segment = growing.build();
        List<StoredRecord> replaced =
                rows.subList(0, count).stream().map(Checked::link).toList();
        requireSame(replaced, segment);
        Handle handle = transaction.handle();
        StoredRecords.insert(transaction.sql(), segment);
        SearchIndex.replace(handle, replaced, segment);
        int deleted = handle.execute(
                "DELETE FROM audit_record WHERE lane = ? AND seq >= ? AND seq <= ?",
                segment.lane(),
                segment.first(),
                segment.last());
        if (deleted != count) {
            throw new NotPackedException("rows of records " + segment.place() + " are missing: only " + deleted + " of "
                    + count + " were found");
        }
        return count;
    }

    /** Returns the bytes of the private part; a single zero if it was erased. */
    private static byte[] privatePart(StoredRecord record) {
        String privatePart = record.secret();
        return record.isBlank() || privatePart == null ? new byte[1] : privatePart.getBytes(StandardCharsets.UTF_8);
    }

    private static void requireSame(List<StoredRecord> rows, Segment segment) {
        List<StoredRecord> packed = segment.records();
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).isSameAs(packed.get(i))) {
                throw new NotPackedException("record " + rows.get(i).place() + " would change when it is packed");
            }
        }
    }
}
