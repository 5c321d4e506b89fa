package io.sendport.host.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The segments and rows of a lane as they are stored, for a verification: nothing is left out, and nothing is trusted. */
public final class StoredUnits {

    private static final int ROWS_AT_ONCE = 1_000;
    private static final int SEGMENTS_AT_ONCE = 16;
    private static final int MAX_BYTES = 4 << 20;

    private StoredUnits() {}

    /** A row or a segment. */
    public sealed interface Unit {

        /** A segment. */
        record Packed(Segment segment) implements Unit {}

        /**
         * A row of {@code audit_record}.
         *
         * @param link its record
         * @param columns its search columns as one text
         */
        record Row(StoredRecord link, String columns) implements Unit {}
    }

    /** The number by which the unit is ordered. */
    public static long first(Unit unit) {
        return unit instanceof Unit.Packed packed
                ? packed.segment().first()
                : ((Unit.Row) unit).link().seq();
    }

    /**
     * The next units of a lane, those that reach beyond {@code after}, up to the one that begins at {@code to} at the latest.
     *
     * @param after the last number that was read
     * @param begun the number at which the last unit began
     * @param columns SQL of the search columns of a row
     */
    public static List<Unit> units(Handle handle, long lane, long after, long begun, long to, String columns) {
        List<Unit> units = new ArrayList<>(handle.createQuery("SELECT " + StoredRecords.COLUMNS + ", " + columns
                        + " FROM audit_record WHERE lane = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT 4000")
                .bind(0, lane)
                .bind(1, Math.max(after, begun))
                .bind(2, to)
                .setFetchSize(ROWS_AT_ONCE)
                .map((row, context) -> new Unit.Row(StoredRecord.read(row), row.getString(7)))
                .list());
        long lastRow = units.size() < 4_000 ? to : first(units.get(units.size() - 1));
        Query query = handle.createQuery("SELECT " + Segment.COLUMNS
                        + " FROM audit_segment WHERE lane = ? AND first_seq > ? AND last_seq > ? AND first_seq <= ?"
                        + " ORDER BY first_seq LIMIT 4000")
                .bind(0, lane)
                .bind(1, begun)
                .bind(2, after)
                .bind(3, lastRow);
        long bytes = 0;
        long lastSegment = lastRow;
        int count = 0;
        try (var each = query.setFetchSize(SEGMENTS_AT_ONCE)
                .map((row, context) -> Segment.read(row))
                .iterator()) {
            while (each.hasNext()) {
                Segment next = each.next();
                units.add(new Unit.Packed(next));
                bytes += next.size();
                count++;
                if (bytes > MAX_BYTES || count == 4_000) {
                    lastSegment = next.first();
                    break;
                }
            }
        }
        long end = lastSegment;
        units.removeIf(unit -> first(unit) > end);
        units.sort(Comparator.comparingLong(StoredUnits::first));
        return units;
    }

    /** Whether a deletion was recorded after that place. */
    public static boolean hasDeletionsBehind(Handle handle, Ledger.Head place) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_record WHERE lane = :lane AND seq > :seq"
                        + " AND kind IN ('ERASED', 'PRUNED')) OR EXISTS (SELECT 1 FROM audit_segment WHERE lane = :lane"
                        + " AND first_seq > :seq AND (kinds LIKE '%,ERASED,%' OR kinds LIKE '%,PRUNED,%'))")
                .bind("lane", place.lane())
                .bind("seq", place.seq())
                .mapTo(Boolean.class)
                .one();
    }

    /** A record that lies after the end of its lane, in a lane that does not exist, or anywhere else where none can be. */
    public static Optional<String> misplaced(Handle handle) {
        return handle.createQuery("SELECT l.lane, l.head_seq FROM audit_lane l"
                        + " WHERE EXISTS (SELECT 1 FROM audit_record r WHERE r.lane = l.lane AND r.seq > l.head_seq)"
                        + " OR EXISTS (SELECT 1 FROM audit_segment s WHERE s.lane = l.lane AND s.first_seq > l.head_seq)"
                        + " ORDER BY l.lane LIMIT 1")
                .map((row, context) -> "the ledger has records after " + row.getLong(1) + ":" + row.getLong(2)
                        + ", which its head names as the end: records at the end were removed or added")
                .findOne()
                .or(() -> inUnknownLane(handle, "audit_record"))
                .or(() -> inUnknownLane(handle, "audit_segment"));
    }

    /** Steps from lane to lane, because DISTINCT would read every record. */
    private static Optional<String> inUnknownLane(Handle handle, String table) {
        long lane = Long.MIN_VALUE;
        while (true) {
            Optional<Long> next = handle.createQuery(
                            "SELECT lane FROM " + table + " WHERE lane > ? ORDER BY lane LIMIT 1")
                    .bind(0, lane)
                    .mapTo(Long.class)
                    .findOne();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            lane = next.get();
            if (!Lane.hasHead(handle, lane)) {
                return Optional.of("records exist in lane " + lane + ", which has no head");
            }
        }
    }
}
