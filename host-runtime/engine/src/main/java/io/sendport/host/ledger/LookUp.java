package io.sendport.host.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Finds all records about messages or recipients in one snapshot. Uses the indexes up to their marks, and reads all records after
 * the marks.
 */
public final class LookUp {

    /** The maximum number of messages in one query. */
    private static final int MAX_MESSAGES = 500;

    private LookUp() {}

    /** Returns the records about these messages, sorted by message and step. */
    public static List<AuditRecord> ofMessages(Handle handle, Collection<String> messages) {
        List<AuditRecord> found = new ArrayList<>();
        for (List<String> some : Portions.of(new TreeSet<>(messages), MAX_MESSAGES)) {
            Set<String> wanted = new HashSet<>(some);
            List<IndexKey> keys = wanted.stream().map(IndexKey::ofMessage).toList();
            inAllLanes(handle, keys, stored -> {
                if (wanted.contains(stored.message())) {
                    found.add(AuditRecord.of(stored));
                }
            });
        }
        found.sort(Comparator.comparing((AuditRecord each) -> each.header("message"))
                .thenComparingLong(LookUp::step));
        return found;
    }

    /** Returns the number of a record among the records of its message, from 1; 0 if the record concerns no message. */
    public static long step(AuditRecord record) {
        return record.header().get("step") instanceof Number number ? number.longValue() : 0;
    }

    /** Returns the sorted ids of the messages whose records name one of these recipients. */
    public static NavigableSet<String> messagesNaming(Handle handle, Collection<String> addresses) {
        List<IndexKey> keys = addresses.stream().map(IndexKey::ofRecipient).toList();
        Set<String> wanted = new HashSet<>(keys.stream().map(IndexKey::value).toList());
        NavigableSet<String> found = new TreeSet<>();
        if (keys.isEmpty()) {
            return found;
        }
        inAllLanes(handle, keys, stored -> {
            AuditRecord record = AuditRecord.of(stored);
            if (record.header().get("message") != null
                    && IndexKey.addresses(record.secret()).stream().anyMatch(wanted::contains)) {
                found.add(record.header("message"));
            }
        });
        return found;
    }

    /** Returns ids of the messages that have a record after the mark of the index. */
    static Set<String> unindexedMessages(Handle handle) {
        Set<String> found = new HashSet<>();
        Map<Long, Long> marks = SearchIndex.marks(handle);
        for (Lane.Extent each : Lane.extents(handle)) {
            long mark = marks.getOrDefault(each.head().lane(), 0L);
            readAfterMark(handle, each, mark, StoredRecords.Prefilter.NOTHING, stored -> found.add(stored.message()));
        }
        found.remove("");
        return found;
    }

    private static void inAllLanes(Handle handle, List<IndexKey> keys, Consumer<StoredRecord> to) {
        Map<Long, Long> marks = SearchIndex.marks(handle);
        for (Lane.Extent each : Lane.extents(handle)) {
            inLane(handle, each, marks.getOrDefault(each.head().lane(), 0L), keys, to);
        }
    }

    /** Passes all records of one lane that may have one of the keys. The receiver must check the keys. */
    static void inLane(Handle handle, Lane.Extent extent, long mark, List<IndexKey> keys, Consumer<StoredRecord> to) {
        long lane = extent.head().lane();
        long begin = extent.begin().seq() + 1;
        long head = extent.head().seq();
        Optional<String> mentioned = keys.size() == 1 && keys.get(0).by() == IndexKey.By.MESSAGE
                ? Optional.of(keys.get(0).value())
                : Optional.empty();
        StoredRecords.Prefilter prefilter = new StoredRecords.Prefilter("", "", mentioned);
        StoredRecords.SeqRange indexed =
                new StoredRecords.SeqRange(lane, begin, Math.min(mark, head), StoredRecords.Direction.FORWARD);
        while (!indexed.isEmpty()) {
            StoredRecords.Chunk chunk = StoredRecords.read(handle, indexed, keys, prefilter);
            chunk.links().forEach(to);
            indexed = indexed.after(chunk.reached());
        }
        readAfterMark(handle, extent, mark, prefilter, to);
    }

    private static void readAfterMark(
            Handle handle,
            Lane.Extent extent,
            long mark,
            StoredRecords.Prefilter prefilter,
            Consumer<StoredRecord> to) {
        long from = Math.max(extent.begin().seq(), mark) + 1;
        StoredRecords.SeqRange unread = new StoredRecords.SeqRange(
                extent.head().lane(), from, extent.head().seq(), StoredRecords.Direction.FORWARD);
        while (!unread.isEmpty()) {
            StoredRecords.Chunk chunk = StoredRecords.read(handle, unread, prefilter);
            chunk.links().forEach(to);
            unread = unread.after(chunk.reached());
        }
    }
}
