package io.sendport.host.ledger;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** Finds and deletes the oldest records of lanes, for retention. */
public final class Prunable {

    private static final int MAX_MESSAGES = 500;

    private Prunable() {}

    /** Returns the first record up to {@code head} whose message is still in the box, or has a record since {@code limit}. */
    public static Optional<Ledger.Head> firstNeeded(Handle handle, Ledger.Head head, Instant limit) {
        long begin =
                Lane.extent(handle, head.lane()).map(each -> each.begin().seq()).orElse(head.seq());
        StoredRecords.SeqRange unread =
                new StoredRecords.SeqRange(head.lane(), begin + 1, head.seq(), StoredRecords.Direction.FORWARD);
        Set<String> unindexed = LookUp.unindexedMessages(handle);
        while (!unread.isEmpty()) {
            StoredRecords.Chunk chunk = StoredRecords.read(handle, unread, StoredRecords.Prefilter.NOTHING);
            Optional<StoredRecord> first = firstNeeded(handle, chunk.links(), limit, unindexed);
            if (first.isPresent()) {
                return first.map(record -> new Ledger.Head(record.lane(), record.seq(), ""));
            }
            unread = unread.after(chunk.reached());
        }
        return Optional.empty();
    }

    private static Optional<StoredRecord> firstNeeded(
            Handle handle, List<StoredRecord> records, Instant limit, Set<String> unindexed) {
        Set<String> messages = new TreeSet<>();
        records.forEach(record -> messages.add(record.message()));
        messages.remove("");
        Set<String> needed = new HashSet<>();
        for (List<String> some : Portions.of(messages, MAX_MESSAGES)) {
            needed.addAll(needed(handle, some, limit, unindexed));
        }
        return records.stream()
                .filter(record -> needed.contains(record.message()))
                .findFirst();
    }

    /** Returns those of {@code messages} that are in the box or have a record since {@code limit}. */
    private static Set<String> needed(Handle handle, List<String> messages, Instant limit, Set<String> unindexed) {
        Set<String> needed = new HashSet<>(handle.createQuery("SELECT id FROM message WHERE id IN (<ids>)")
                .bindList("ids", messages)
                .mapTo(String.class)
                .list());
        needed.addAll(handle.createQuery(
                        "SELECT DISTINCT message FROM audit_record WHERE message IN (<ids>) AND at >= :limit")
                .bindList("ids", messages)
                .bind("limit", limit.toEpochMilli())
                .mapTo(String.class)
                .list());
        Set<String> candidates = new HashSet<>(messages);
        candidates.retainAll(unindexed);
        candidates.addAll(handle
                .createQuery(
                        "SELECT DISTINCT k.key FROM audit_key k JOIN audit_segment s"
                                + " ON s.lane = k.lane AND s.first_seq = k.segment WHERE k.key IN (<keys>) AND s.max_at >= :limit")
                .bindList(
                        "keys",
                        messages.stream()
                                .map(id -> IndexKey.ofMessage(id).text())
                                .toList())
                .bind("limit", limit.toEpochMilli())
                .mapTo(String.class)
                .list()
                .stream()
                .map(key -> key.substring(2))
                .toList());
        LookUp.ofMessages(handle, candidates).stream()
                .filter(each -> !each.at().isBefore(limit))
                .forEach(each -> needed.add(each.header("message")));
        return needed;
    }

    /** Returns whether that record is on the ledger, or is the last pruned record of its lane. */
    public static boolean isOnTheLedger(Handle handle, Ledger.Head end) {
        return Lane.extents(handle).stream().anyMatch(each -> each.begin().equals(end))
                || StoredRecords.find(handle, end.lane(), end.seq())
                        .filter(found -> found.hash().equals(end.hash()))
                        .isPresent();
    }

    /** Returns whether no segment contains both this record and the next one. */
    public static boolean endsSegment(Handle handle, long lane, long seq) {
        return !handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_segment WHERE lane = ? AND first_seq > ?"
                        + " AND first_seq <= ? AND last_seq > ?)")
                .bind(0, lane)
                .bind(1, seq - Segment.MAX_RECORDS)
                .bind(2, seq)
                .bind(3, seq)
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * Makes {@code end} the last pruned place of its lane.
     *
     * @throws IllegalStateException when the record is now in the middle of a segment; the caller must roll back the transaction
     */
    public static void advance(Handle handle, Ledger.Head end) {
        SearchIndex.lock(handle, end.lane());
        if (!endsSegment(handle, end.lane(), end.seq())) {
            throw new IllegalStateException("record " + end.place()
                    + " became part of a segment that also has later records, so nothing was deleted."
                    + " No action is needed: the next run of retention chooses another record");
        }
        handle.execute(
                "UPDATE audit_lane SET pruned_seq = ?, pruned_hash = ? WHERE lane = ? AND pruned_seq < ?",
                end.seq(),
                end.hash(),
                end.lane(),
                end.seq());
    }

    /**
     * Deletes rows and whole segments up to {@code end} with their index entries, oldest first.
     *
     * @param batch the number of records after which it stops; the last segment may exceed it
     * @return the number of deleted records; 0 when none is left
     */
    public static int delete(Handle handle, Ledger.Head end, int batch) {
        SearchIndex.advanceToHead(handle, end.lane());
        List<StoredRecord> rows = handle.createQuery("SELECT " + StoredRecords.COLUMNS
                        + " FROM audit_record WHERE lane = ? AND seq <= ? ORDER BY seq LIMIT ?")
                .bind(0, end.lane())
                .bind(1, end.seq())
                .bind(2, batch)
                .map((row, context) -> StoredRecord.read(row))
                .list();
        SearchIndex.remove(handle, rows);
        for (StoredRecord each : rows) {
            handle.execute("DELETE FROM audit_record WHERE lane = ? AND seq = ?", each.lane(), each.seq());
        }
        int deleted = rows.size();
        while (deleted < batch) {
            Optional<Segment> segment = handle.createQuery("SELECT " + Segment.COLUMNS
                            + " FROM audit_segment WHERE lane = ? AND last_seq <= ? ORDER BY first_seq LIMIT 1")
                    .bind(0, end.lane())
                    .bind(1, end.seq())
                    .map((row, context) -> Segment.read(row))
                    .findOne();
            if (segment.isEmpty()) {
                return deleted;
            }
            deleted += delete(handle, segment.get());
        }
        return deleted;
    }

    private static int delete(Handle handle, Segment segment) {
        List<StoredRecord> records = segment.records();
        SearchIndex.remove(handle, segment, records, List.of());
        handle.execute("DELETE FROM audit_segment WHERE lane = ? AND first_seq = ?", segment.lane(), segment.first());
        return records.size();
    }
}
