package io.sendport.host.ledger;

import io.sendport.host.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Searches the records of all lanes, in short reads. Safe for use by several threads. */
final class RecordPages {

    /** The number of messages up to which the index finds their records. For more messages, the search reads all records. */
    private static final int MAX_MESSAGES = 1_000;

    private final Store store;

    RecordPages(Store store) {
        this.store = store;
    }

    /** The order of records of different lanes. */
    enum Order {
        /** By lane, then by number. */
        BY_LANE,
        /** By time of recording, across lanes. */
        AS_RECORDED
    }

    /**
     * Passes all matching records to {@code reader}, until it returns false. Uses short reads, so that a slow reader does not prevent
     * cleanup of the store. Records added after the call starts are not part of the result.
     *
     * @param after the last place to skip, in the only lane to read; empty for all records of all lanes
     */
    void read(AuditFilter filter, Optional<Ledger.Head> after, Order order, Predicate<AuditRecord> reader) {
        Map<Long, StoredRecords.SeqRange> ranges = new TreeMap<>();
        Extents extents = extents();
        for (Lane.Extent each : extents.lanes()) {
            long lane = each.head().lane();
            long begin = each.begin().seq();
            if (after.isEmpty() || after.get().lane() == lane) {
                long from = Math.max(begin, after.map(Ledger.Head::seq).orElse(0L)) + 1;
                ranges.put(
                        lane,
                        new StoredRecords.SeqRange(lane, from, each.head().seq(), StoredRecords.Direction.FORWARD));
            }
        }
        Merge merge = new Merge(filter, ranges, extents.marks(), order);
        for (Optional<AuditRecord> next = merge.next(); next.isPresent(); next = merge.next()) {
            if (!reader.test(next.get())) {
                return;
            }
        }
    }

    /**
     * Returns the newest {@code most} records that match, newest first. Returns fewer when {@code timeout} passes before.
     *
     * @param position pairs of a lane and the number before which to read its records; lanes without a pair are skipped. Empty for
     *     all records
     */
    Ledger.Newest newest(AuditFilter filter, List<Long> position, int most, Duration timeout) {
        Extents extents = extents();
        Map<Long, StoredRecords.SeqRange> ranges = new TreeMap<>();
        for (Lane.Extent each : extents.lanes()) {
            long lane = each.head().lane();
            long begin = each.begin().seq();
            long to = position.isEmpty() ? each.head().seq() : before(position, lane) - 1;
            ranges.put(lane, new StoredRecords.SeqRange(lane, begin + 1, to, StoredRecords.Direction.BACKWARD));
        }
        Merge merge = new Merge(filter, ranges, extents.marks(), Order.AS_RECORDED);
        merge.limit(timeout);
        List<AuditRecord> records = new ArrayList<>();
        try {
            Optional<AuditRecord> next = merge.peek();
            while (next.isPresent() && records.size() < most) {
                records.add(merge.next().orElseThrow());
                next = merge.peek();
            }
            return new Ledger.Newest(records, next.isEmpty() ? List.of() : merge.position(), true);
        } catch (OutOfTimeException e) {
            return new Ledger.Newest(records, merge.position(), false);
        }
    }

    private static long before(List<Long> position, long lane) {
        for (int i = 0; i + 1 < position.size(); i += 2) {
            if (position.get(i) == lane) {
                return position.get(i + 1);
            }
        }
        return 0;
    }

    /** The lanes and the index marks, read in one snapshot. */
    private record Extents(List<Lane.Extent> lanes, Map<Long, Long> marks) {}

    private Extents extents() {
        return store.readSnapshot(handle -> new Extents(Lane.extents(handle), SearchIndex.marks(handle)));
    }

    /** The timeout has passed. */
    private static final class OutOfTimeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Merges the records of all lanes into one order. Not thread-safe. */
    private final class Merge {
        private final List<LaneRecords> lanes = new ArrayList<>();
        private final boolean isByLane;
        private final boolean isForward;
        private final AuditFilter filter;
        private final Map<Long, Long> marks;
        private long deadline = Long.MAX_VALUE;
        private boolean isLimited;
        private Optional<Set<String>> messages = Optional.empty();
        private List<IndexKey> keys;

        Merge(AuditFilter filter, Map<Long, StoredRecords.SeqRange> ranges, Map<Long, Long> marks, Order order) {
            this.filter = filter;
            this.marks = marks;
            this.isByLane = order == Order.BY_LANE || !store.hasConcurrentLanes();
            this.isForward =
                    ranges.values().stream().allMatch(each -> each.direction() == StoredRecords.Direction.FORWARD);
            this.keys = filter.keys();
            ranges.values().forEach(each -> lanes.add(new LaneRecords(each)));
            if (!isForward) {
                Collections.reverse(lanes);
            }
            if (!filter.properties().isEmpty()) {
                Set<String> found = messagesWithProperties(filter.properties(), marks);
                messages = Optional.of(found);
                if (keys.isEmpty() && found.size() <= MAX_MESSAGES) {
                    keys = found.stream().map(IndexKey::ofMessage).toList();
                }
            }
        }

        /** Makes later reads fail with {@link OutOfTimeException} once the timeout has passed. */
        void limit(Duration timeout) {
            deadline = System.nanoTime() + timeout.toNanos();
            isLimited = true;
        }

        Optional<AuditRecord> next() {
            return first().map(LaneRecords::next);
        }

        Optional<AuditRecord> peek() {
            return first().flatMap(LaneRecords::peek);
        }

        /** Returns the position of the next page, for {@link RecordPages#newest}. */
        List<Long> position() {
            List<Long> position = new ArrayList<>();
            for (LaneRecords each : lanes) {
                if (!each.isExhausted()) {
                    position.add(each.range.lane());
                    position.add(each.before());
                }
            }
            return position;
        }

        /** Returns the lane with the next record. Reads more records of lanes that have none ready. */
        private Optional<LaneRecords> first() {
            @Nullable LaneRecords first = null;
            for (LaneRecords each : lanes) {
                if (messages.isPresent() && messages.get().isEmpty()) {
                    return Optional.empty();
                }
                while (each.peek().isEmpty() && !each.isExhausted()) {
                    each.fill();
                }
                if (each.peek().isPresent()) {
                    if (first == null || compare(each, first) < 0) {
                        first = each;
                    }
                    if (isByLane) {
                        break;
                    }
                }
            }
            return Optional.ofNullable(first);
        }

        private int compare(LaneRecords one, LaneRecords other) {
            int forward = Place.of(one.peek().orElseThrow())
                    .compareTo(Place.of(other.peek().orElseThrow()));
            return isForward ? forward : -forward;
        }

        private boolean matches(AuditRecord record, Set<String> ofApplication) {
            return filter.accepts(record)
                    && messages.map(ids -> ids.contains(record.header("message")))
                            .orElse(true)
                    && (filter.application().isEmpty() || ofApplication.contains(record.header("message")));
        }

        /** The remaining records of one lane. */
        private final class LaneRecords {
            private final StoredRecords.SeqRange range;
            private StoredRecords.SeqRange unread;
            private final List<AuditRecord> found = new ArrayList<>();
            private int nextIndex;

            LaneRecords(StoredRecords.SeqRange range) {
                this.range = range;
                this.unread = range;
            }

            Optional<AuditRecord> peek() {
                return nextIndex < found.size() ? Optional.of(found.get(nextIndex)) : Optional.empty();
            }

            AuditRecord next() {
                return found.get(nextIndex++);
            }

            boolean isExhausted() {
                return nextIndex == found.size() && unread.isEmpty();
            }

            /** Returns the number before which all records are still to be returned, when reading backward. */
            long before() {
                return nextIndex < found.size() ? found.get(nextIndex).seq() + 1 : unread.to() + 1;
            }

            void fill() {
                found.clear();
                nextIndex = 0;
                if (!isLimited) {
                    store.readSnapshot(this::fill);
                    return;
                }
                Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
                if (remaining.isNegative() || remaining.isZero()) {
                    throw new OutOfTimeException();
                }
                StoredRecords.SeqRange before = unread;
                if (store.readWithin(remaining, this::fill).isEmpty()) {
                    unread = before;
                    found.clear();
                    throw new OutOfTimeException();
                }
            }

            private boolean fill(Handle handle) {
                long mark = marks.getOrDefault(unread.lane(), 0L);
                StoredRecords.Chunk chunk = read(handle, mark);
                List<AuditRecord> records = chunk.links().stream()
                        .filter(filter::mayAccept)
                        .map(AuditRecord::of)
                        .toList();
                Set<String> ofApplication = filter.application()
                        .map(name -> ofApplication(handle, name, records))
                        .orElse(Set.of());
                records.stream().filter(each -> matches(each, ofApplication)).forEach(found::add);
                unread = unread.after(chunk.reached());
                return true;
            }

            /** Reads by the index up to its mark, and reads all records after the mark. */
            private StoredRecords.Chunk read(Handle handle, long mark) {
                StoredRecords.Prefilter prefilter = filter.prefilter();
                if (keys.isEmpty()) {
                    return StoredRecords.read(handle, unread, prefilter);
                }
                boolean isForwardInIndex = isForward && unread.from() <= mark;
                boolean isBackwardAfterIndex = !isForward && unread.to() > mark;
                if (isForwardInIndex || (!isForward && !isBackwardAfterIndex)) {
                    return StoredRecords.read(
                            handle,
                            new StoredRecords.SeqRange(
                                    unread.lane(), unread.from(), Math.min(unread.to(), mark), unread.direction()),
                            keys,
                            prefilter);
                }
                return StoredRecords.read(
                        handle,
                        new StoredRecords.SeqRange(
                                unread.lane(), Math.max(unread.from(), mark + 1), unread.to(), unread.direction()),
                        prefilter);
            }
        }
    }

    /** The position of a record in the order of recording. */
    private record Place(long at, long step, long lane, long seq) implements Comparable<Place> {

        static Place of(AuditRecord record) {
            Object step = record.header().get("step");
            return new Place(
                    record.at().toEpochMilli(),
                    step instanceof Number number ? number.longValue() : Long.MAX_VALUE,
                    record.lane(),
                    record.seq());
        }

        @Override
        public int compareTo(Place other) {
            int result = Long.compare(at, other.at);
            result = result != 0 ? result : Long.compare(step, other.step);
            result = result != 0 ? result : Long.compare(lane, other.lane);
            return result != 0 ? result : Long.compare(seq, other.seq);
        }
    }

    /** Returns ids of the records' messages whose port belongs to {@code application}. */
    private static Set<String> ofApplication(Handle handle, String application, List<AuditRecord> records) {
        Set<String> ids = new HashSet<>();
        records.forEach(each -> ids.add(each.header("message")));
        Set<String> found = new HashSet<>();
        for (List<String> some : Portions.of(ids, MAX_MESSAGES)) {
            found.addAll(handle.createQuery("SELECT id FROM message WHERE application = :application AND id IN (<ids>)")
                    .bind("application", application)
                    .bindList("ids", some)
                    .mapTo(String.class)
                    .list());
        }
        return found;
    }

    /** Returns ids of the messages that have, for each property, a record with it. */
    private Set<String> messagesWithProperties(Map<String, String> properties, Map<Long, Long> marks) {
        @Nullable Set<String> messages = null;
        for (Map.Entry<String, String> each : properties.entrySet()) {
            Set<String> found = new HashSet<>();
            IndexKey key = IndexKey.ofProperty(each.getKey(), each.getValue());
            forEachCandidate(List.of(key), marks, stored -> {
                AuditRecord record = AuditRecord.of(stored);
                Object value = IndexKey.properties(record.secret()).get(each.getKey());
                if (value != null
                        && IndexKey.ofProperty(each.getKey(), String.valueOf(value))
                                .equals(key)) {
                    found.add(record.header("message"));
                }
            });
            if (messages == null) {
                messages = found;
            } else {
                messages.retainAll(found);
            }
        }
        return messages == null ? Set.of() : messages;
    }

    private void forEachCandidate(List<IndexKey> keys, Map<Long, Long> marks, Consumer<StoredRecord> to) {
        for (Lane.Extent each : store.read(Lane::extents)) {
            store.readSnapshot(handle -> {
                LookUp.inLane(handle, each, marks.getOrDefault(each.head().lane(), 0L), keys, to);
                return true;
            });
        }
    }

    /** Creates a query with its parameters. */
    static Query query(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }
}
