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

/** Searches the records of all lanes, part by part. Safe for use by several threads. */
final class RecordPages {

    /** Messages with a property that are looked up by the index; more are found by reading everything. */
    private static final int MAX_MESSAGES = 1_000;

    private final Store store;

    RecordPages(Store store) {
        this.store = store;
    }

    /** The order of records of different lanes. */
    enum Order {
        /** One lane after the other. */
        BY_LANE,
        /** As they were recorded. */
        AS_RECORDED
    }

    /**
     * Reads part by part, so that a slow reader does not prevent cleanup of the store. Records are only ever added, so the ends of
     * the lanes at the start limit the result.
     */
    void read(AuditFilter filter, Optional<Ledger.Head> after, Order order, Predicate<AuditRecord> reader) {
        Map<Long, StoredRecords.SeqRange> stretches = new TreeMap<>();
        Extents extents = extents();
        for (Lane.Extent each : extents.lanes()) {
            long lane = each.head().lane();
            long begin = each.begin().seq();
            if (after.isEmpty() || after.get().lane() == lane) {
                long from = Math.max(begin, after.map(Ledger.Head::seq).orElse(0L)) + 1;
                stretches.put(
                        lane,
                        new StoredRecords.SeqRange(lane, from, each.head().seq(), StoredRecords.Direction.FORWARD));
            }
        }
        Merge merge = new Merge(filter, stretches, extents.marks(), order);
        for (Optional<AuditRecord> next = merge.next(); next.isPresent(); next = merge.next()) {
            if (!reader.test(next.get())) {
                return;
            }
        }
    }

    /**
     * The newest {@code most} records that fit and precede {@code place} in the order of recording. Returns what it finds within
     * {@code patience}.
     *
     * @param place pairs of a lane and the number before which its records are read; lanes without a pair are left out
     */
    Ledger.Newest newest(AuditFilter filter, List<Long> place, int most, Duration patience) {
        Extents extents = extents();
        Map<Long, StoredRecords.SeqRange> stretches = new TreeMap<>();
        for (Lane.Extent each : extents.lanes()) {
            long lane = each.head().lane();
            long begin = each.begin().seq();
            long to = place.isEmpty() ? each.head().seq() : before(place, lane) - 1;
            stretches.put(lane, new StoredRecords.SeqRange(lane, begin + 1, to, StoredRecords.Direction.BACKWARD));
        }
        Merge merge = new Merge(filter, stretches, extents.marks(), Order.AS_RECORDED);
        merge.limit(patience);
        List<AuditRecord> records = new ArrayList<>();
        try {
            Optional<AuditRecord> next = merge.peek();
            while (next.isPresent() && records.size() < most) {
                records.add(merge.next().orElseThrow());
                next = merge.peek();
            }
            return new Ledger.Newest(records, next.isEmpty() ? List.of() : merge.place(), true);
        } catch (OutOfTimeException e) {
            return new Ledger.Newest(records, merge.place(), false);
        }
    }

    private static long before(List<Long> place, long lane) {
        for (int i = 0; i + 1 < place.size(); i += 2) {
            if (place.get(i) == lane) {
                return place.get(i + 1);
            }
        }
        return 0;
    }

    /** The lanes and the marks of the index, in one snapshot. */
    private record Extents(List<Lane.Extent> lanes, Map<Long, Long> marks) {}

    private Extents extents() {
        return store.readOneMoment(handle -> new Extents(Lane.extents(handle), SearchIndex.marks(handle)));
    }

    /** The patience was over. */
    private static final class OutOfTimeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The records of all lanes in one order. For one thread. */
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

        Merge(AuditFilter filter, Map<Long, StoredRecords.SeqRange> stretches, Map<Long, Long> marks, Order order) {
            this.filter = filter;
            this.marks = marks;
            this.isByLane = order == Order.BY_LANE || !store.hasConcurrentLanes();
            this.isForward =
                    stretches.values().stream().allMatch(each -> each.direction() == StoredRecords.Direction.FORWARD);
            this.keys = filter.keys();
            stretches.values().forEach(each -> lanes.add(new LaneRecords(each)));
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

        void limit(Duration patience) {
            deadline = System.nanoTime() + patience.toNanos();
            isLimited = true;
        }

        Optional<AuditRecord> next() {
            Optional<LaneRecords> first = first();
            return first.map(LaneRecords::take);
        }

        Optional<AuditRecord> peek() {
            return first().flatMap(LaneRecords::first);
        }

        /** Where the next page starts, as {@link RecordPages#newest} reads it. */
        List<Long> place() {
            List<Long> place = new ArrayList<>();
            for (LaneRecords each : lanes) {
                if (!each.isOver()) {
                    place.add(each.range.lane());
                    place.add(each.before());
                }
            }
            return place;
        }

        private Optional<LaneRecords> first() {
            @Nullable LaneRecords first = null;
            for (LaneRecords each : lanes) {
                if (messages.isPresent() && messages.get().isEmpty()) {
                    return Optional.empty();
                }
                while (each.first().isEmpty() && !each.isOver()) {
                    each.fill();
                }
                if (each.first().isPresent()) {
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
            int forward = Place.of(one.first().orElseThrow())
                    .compareTo(Place.of(other.first().orElseThrow()));
            return isForward ? forward : -forward;
        }

        private boolean isWanted(AuditRecord record, Set<String> ofApplication) {
            return filter.accepts(record)
                    && messages.map(ids -> ids.contains(record.header("message")))
                            .orElse(true)
                    && (filter.application().isEmpty() || ofApplication.contains(record.header("message")));
        }

        /** The records of one lane that are still to come. */
        private final class LaneRecords {
            private final StoredRecords.SeqRange range;
            private StoredRecords.SeqRange left;
            private final List<AuditRecord> found = new ArrayList<>();
            private int taken;

            LaneRecords(StoredRecords.SeqRange range) {
                this.range = range;
                this.left = range;
            }

            Optional<AuditRecord> first() {
                return taken < found.size() ? Optional.of(found.get(taken)) : Optional.empty();
            }

            AuditRecord take() {
                return found.get(taken++);
            }

            boolean isOver() {
                return taken == found.size() && left.isEmpty();
            }

            /** The number before which nothing was taken yet, when read backward. */
            long before() {
                return taken < found.size() ? found.get(taken).seq() + 1 : left.to() + 1;
            }

            void fill() {
                found.clear();
                taken = 0;
                if (!isLimited) {
                    store.readOneMoment(this::fill);
                    return;
                }
                Duration time = Duration.ofNanos(deadline - System.nanoTime());
                if (time.isNegative() || time.isZero()) {
                    throw new OutOfTimeException();
                }
                StoredRecords.SeqRange before = left;
                if (store.readWithin(time, this::fill).isEmpty()) {
                    left = before;
                    found.clear();
                    throw new OutOfTimeException();
                }
            }

            private boolean fill(Handle handle) {
                long mark = marks.getOrDefault(left.lane(), 0L);
                StoredRecords.Chunk chunk = read(handle, mark);
                List<AuditRecord> records = chunk.links().stream()
                        .filter(filter::mayAccept)
                        .map(AuditRecord::of)
                        .toList();
                Set<String> ofApplication = filter.application()
                        .map(name -> ofApplication(handle, name, records))
                        .orElse(Set.of());
                records.stream().filter(each -> isWanted(each, ofApplication)).forEach(found::add);
                left = left.behind(chunk.reached());
                return true;
            }

            /** By the index as far as it reaches, behind it record by record. */
            private StoredRecords.Chunk read(Handle handle, long mark) {
                StoredRecords.Prefilter prefilter = filter.prefilter();
                if (keys.isEmpty()) {
                    return StoredRecords.read(handle, left, prefilter);
                }
                boolean isForwardInIndex = isForward && left.from() <= mark;
                boolean isBackwardBehind = !isForward && left.to() > mark;
                if (isForwardInIndex || (!isForward && !isBackwardBehind)) {
                    return StoredRecords.read(
                            handle,
                            new StoredRecords.SeqRange(
                                    left.lane(), left.from(), Math.min(left.to(), mark), left.direction()),
                            keys,
                            prefilter);
                }
                return StoredRecords.read(
                        handle,
                        new StoredRecords.SeqRange(
                                left.lane(), Math.max(left.from(), mark + 1), left.to(), left.direction()),
                        prefilter);
            }
        }
    }

    /** The place of a record among those of all lanes. */
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

    /** Ids of the messages that have a record with each of the properties. */
    private Set<String> messagesWithProperties(Map<String, String> properties, Map<Long, Long> marks) {
        @Nullable Set<String> messages = null;
        for (Map.Entry<String, String> each : properties.entrySet()) {
            Set<String> found = new HashSet<>();
            IndexKey key = IndexKey.ofProperty(each.getKey(), each.getValue());
            records(List.of(key), marks, link -> {
                AuditRecord record = AuditRecord.of(link);
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

    private void records(List<IndexKey> keys, Map<Long, Long> marks, Consumer<StoredRecord> to) {
        for (Lane.Extent each : store.read(Lane::extents)) {
            store.readOneMoment(handle -> {
                LookUp.inLane(handle, each, marks.getOrDefault(each.head().lane(), 0L), keys, to);
                return true;
            });
        }
    }

    static Query bound(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }
}
