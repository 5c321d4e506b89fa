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
 * Finds all records about messages or recipients in one snapshot: by the indexes up to their marks, and behind them by reading. No
 * SQL elsewhere looks records up.
 */
public final class LookUp {

    /** How many messages are looked up at once. */
    private static final int MAX_COUNT = 500;

    private LookUp() {}

    /** The records about those messages, by message and step. */
    public static List<AuditRecord> ofMessages(Handle handle, Collection<String> messages) {
        List<AuditRecord> found = new ArrayList<>();
        for (List<String> some : Portions.of(new TreeSet<>(messages), MAX_COUNT)) {
            Set<String> wanted = new HashSet<>(some);
            List<IndexKey> keys = wanted.stream().map(IndexKey::ofMessage).toList();
            inAllLanes(handle, keys, link -> {
                if (wanted.contains(link.message())) {
                    found.add(AuditRecord.of(link));
                }
            });
        }
        found.sort(Comparator.comparing((AuditRecord each) -> each.header("message"))
                .thenComparingLong(LookUp::step));
        return found;
    }

    /** The step of a record among those of its message; 0 if it concerns none. */
    public static long step(AuditRecord record) {
        return record.header().get("step") instanceof Number number ? number.longValue() : 0;
    }

    /** Ids of the messages whose records name one of these recipients, in order. */
    public static NavigableSet<String> messagesNaming(Handle handle, Collection<String> addresses) {
        List<IndexKey> keys = addresses.stream().map(IndexKey::ofRecipient).toList();
        Set<String> wanted = new HashSet<>(keys.stream().map(IndexKey::value).toList());
        NavigableSet<String> found = new TreeSet<>();
        if (keys.isEmpty()) {
            return found;
        }
        inAllLanes(handle, keys, link -> {
            AuditRecord record = AuditRecord.of(link);
            if (record.header().get("message") != null
                    && IndexKey.addresses(record.secret()).stream().anyMatch(wanted::contains)) {
                found.add(record.header("message"));
            }
        });
        return found;
    }

    /** Ids of the messages that have a record which the index does not cover yet. */
    static Set<String> messagesBehindTheIndex(Handle handle) {
        Set<String> found = new HashSet<>();
        Map<Long, Long> marks = SearchIndex.marks(handle);
        for (Lane.Extent each : Lane.extents(handle)) {
            long mark = marks.getOrDefault(each.head().lane(), 0L);
            behind(handle, each, mark, StoredRecords.Prefilter.NOTHING, link -> found.add(link.message()));
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

    /** Passes the candidates of one lane: every record with one of the keys is among them. */
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
            indexed = indexed.behind(chunk.reached());
        }
        behind(handle, extent, mark, prefilter, to);
    }

    private static void behind(
            Handle handle,
            Lane.Extent extent,
            long mark,
            StoredRecords.Prefilter prefilter,
            Consumer<StoredRecord> to) {
        long from = Math.max(extent.begin().seq(), mark) + 1;
        StoredRecords.SeqRange tail = new StoredRecords.SeqRange(
                extent.head().lane(), from, extent.head().seq(), StoredRecords.Direction.FORWARD);
        while (!tail.isEmpty()) {
            StoredRecords.Chunk chunk = StoredRecords.read(handle, tail, prefilter);
            chunk.links().forEach(to);
            tail = tail.behind(chunk.reached());
        }
    }
}
