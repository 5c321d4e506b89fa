package io.sendport.host.ledger;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** Deletes private parts, with their salts and the index entries derived from them. Changes nothing else. */
public final class Erasing {

    private Erasing() {}

    /**
     * Deletes the private parts of {@code records} within the transaction of {@code handle}. No other transaction adds index entries
     * of their lanes until it ends, so that no entry outlives its private part.
     */
    public static void run(Handle handle, List<AuditRecord> records) {
        Map<Long, Set<Long>> byLane = new TreeMap<>();
        for (AuditRecord each : records) {
            byLane.computeIfAbsent(each.lane(), lane -> new TreeSet<>()).add(each.seq());
        }
        byLane.forEach((lane, seqs) -> {
            SearchIndex.advanceToHead(handle, lane);
            seqs.forEach(seq -> eraseRow(handle, lane, seq));
            eraseInSegments(handle, lane, new TreeSet<>(seqs));
        });
    }

    private static void eraseRow(Handle handle, long lane, long seq) {
        handle.createQuery("SELECT " + StoredRecords.COLUMNS + " FROM audit_record WHERE lane = ? AND seq = ?")
                .bind(0, lane)
                .bind(1, seq)
                .map((row, context) -> StoredRecord.read(row))
                .findOne()
                .ifPresent(row -> {
                    SearchIndex.remove(handle, List.of(row));
                    handle.execute(
                            "UPDATE audit_record SET salt = NULL, private = NULL, mime_message_id = NULL, queue_id = NULL"
                                    + " WHERE lane = ? AND seq = ?",
                            lane,
                            seq);
                });
    }

    private static void eraseInSegments(Handle handle, long lane, NavigableSet<Long> seqs) {
        while (!seqs.isEmpty()) {
            long seq = seqs.first();
            Segment segment = handle.createQuery("SELECT " + Segment.COLUMNS
                            + " FROM audit_segment WHERE lane = ? AND first_seq <= ? AND last_seq >= ?"
                            + " ORDER BY first_seq DESC LIMIT 1 <forUpdate>")
                    .bind(0, lane)
                    .bind(1, seq)
                    .bind(2, seq)
                    .map((row, context) -> Segment.read(row))
                    .findOne()
                    .orElse(null);
            if (segment != null) {
                erase(handle, segment, seqs);
                seqs.headSet(segment.last(), true).clear();
            } else {
                seqs.remove(seq);
            }
        }
    }

    private static void erase(Handle handle, Segment segment, Set<Long> seqs) {
        byte[] privateParts = segment.privatePartsWithout(seqs::contains);
        Segment after = new Segment(
                segment.lane(), segment.first(), segment.last(), segment.derived(), segment.headers(), privateParts);
        SearchIndex.remove(handle, segment, segment.records(), after.records());
        handle.execute(
                "UPDATE audit_segment SET private = ? WHERE lane = ? AND first_seq = ?",
                privateParts,
                segment.lane(),
                segment.first());
    }
}
