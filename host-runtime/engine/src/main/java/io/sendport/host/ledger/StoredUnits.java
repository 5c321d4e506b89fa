package io.sendport.host.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads the segments and rows of a lane as they are stored, for a verification. Skips nothing, and checks nothing. */
public final class StoredUnits {

    private static final int ROW_FETCH_SIZE = 1_000;
    private static final int SEGMENT_FETCH_SIZE = 16;
    private static final int MAX_BYTES = 4 << 20;

    private StoredUnits() {}

    /** A row or a segment: the unit of storage. */
    public sealed interface Unit {

        /** A segment. */
        record Packed(Segment segment) implements Unit {}

        /**
         * A row of {@code audit_record}.
         *
         * @param link its record
         * @param columns the values of its search columns as one text
         */
        record Row(StoredRecord link, String columns) implements Unit {}
    }

    /** Returns the number of the first record of the unit. Units are sorted by it. */
    public static long first(Unit unit) {
        return unit instanceof Unit.Packed packed
                ? packed.segment().first()
                : ((Unit.Row) unit).link().seq();
    }

    /**
     * Returns the next units of a lane, sorted by their first number. Returns none at the end.
     *
     * @param after units with only records up to this number are skipped
     * @param lastFirst the first number of the last unit that was read; units up to it are skipped
     * @param to units that start after this number are skipped
     * @param columns the SQL expression for the search columns of a row
     */
    public static List<Unit> units(Handle handle, long lane, long after, long lastFirst, long to, String columns) {
        List<Unit> units = new ArrayList<>(handle.createQuery("SELECT " + StoredRecords.COLUMNS + ", " + columns
                        + " FROM audit_record WHERE lane = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT 4000")
                .bind(0, lane)
                .bind(1, Math.max(after, lastFirst))
                .bind(2, to)
                .setFetchSize(ROW_FETCH_SIZE)
                .map((row, context) -> new Unit.Row(StoredRecord.read(row), row.getString(7)))
                .list());
        long lastRow = units.size() < 4_000 ? to : first(units.get(units.size() - 1));
        Query query = handle.createQuery("SELECT " + Segment.COLUMNS
                        + " FROM audit_segment WHERE lane = ? AND first_seq > ? AND last_seq > ? AND first_seq <= ?"
                        + " ORDER BY first_seq LIMIT 4000")
                .bind(0, lane)
                .bind(1, lastFirst)
                .bind(2, after)
                .bind(3, lastRow);
        long bytes = 0;
        long lastSegment = lastRow;
        int count = 0;
        try (var each = query.setFetchSize(SEGMENT_FETCH_SIZE)
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

    /** Returns whether the ledger recorded an erasure or a pruning after that place. */
    public static boolean hasDeletionsAfter(Handle handle, Ledger.Head place) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_record WHERE lane = :lane AND seq > :seq"
                        + " AND kind IN ('ERASED', 'PRUNED')) OR EXISTS (SELECT 1 FROM audit_segment WHERE lane = :lane"
                        + " AND first_seq > :seq AND (kinds LIKE '%,ERASED,%' OR kinds LIKE '%,PRUNED,%'))")
                .bind("lane", place.lane())
                .bind("seq", place.seq())
                .mapTo(Boolean.class)
                .one();
    }

    /** Returns why a record cannot be where it is: after the end of its lane, or in an unknown lane. Empty if there is none. */
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

    /** Queries lane by lane, because DISTINCT would read every record. */
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
