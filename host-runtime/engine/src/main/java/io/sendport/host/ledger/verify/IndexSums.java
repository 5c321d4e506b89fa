package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.IndexKey;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.SearchIndex;
import io.sendport.host.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares the search indexes with the contents of records. For each range of records, sums the hashes of the required entries, and
 * subtracts the hashes of the entries in the index. The hash has a random seed, so that nobody can choose entries with equal sums. Not
 * thread-safe.
 */
final class IndexSums {

    private static final int RANGE_SIZE = 1_000;
    private static final int PAGE = 4_000;

    private final Seed seed = new Seed();
    private final Map<SeqRange, Long> sums = new HashMap<>();
    private final Map<Long, Long> marks;

    /**
     * A range of consecutive records in one index.
     *
     * @param by the first two characters of the index's keys
     * @param lane the lane
     * @param number the number of the range in the lane, from 0
     */
    private record SeqRange(String by, long lane, long number) {

        static SeqRange of(String key, long lane, long seq) {
            return new SeqRange(key.substring(0, Math.min(2, key.length())), lane, seq / RANGE_SIZE);
        }

        /** Returns the name of the indexed field, for people. */
        String index() {
            return switch (by) {
                case "m:" -> "message";
                case "r:", "R:" -> "recipient";
                case "p:", "P:" -> "property";
                default -> "kind";
            };
        }

        @Override
        public String toString() {
            return lane + ":" + Math.max(1, number * RANGE_SIZE) + " to " + lane + ":"
                    + (number * RANGE_SIZE + RANGE_SIZE - 1);
        }
    }

    /** Computes the hashes of entries, with a random seed. Safe for use by several threads. */
    static final class Seed {
        private final byte[] random = new byte[32];

        Seed() {
            new SecureRandom().nextBytes(random);
        }

        long of(String key, long lane, long place) {
            MessageDigest digest = Hashing.shared();
            digest.update(random);
            digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(lane)
                    .putLong(place)
                    .array());
            return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        }
    }

    /**
     * The required entries of a row or a segment.
     *
     * @param lane the lane
     * @param place the number of the row, or of the first record of the segment
     * @param byStart the sum of the hashes, by the first two characters of the keys
     */
    record Expected(long lane, long place, Map<String, Long> byStart) {

        /** Computes the required entries of a segment. */
        static Expected of(Seed seed, long lane, long place, Iterable<IndexKey> keys) {
            return of(seed, lane, place, keys, IndexKey::text);
        }

        /** Computes the required entries of a row. */
        static Expected ofRow(Seed seed, long lane, long place, Iterable<IndexKey> keys) {
            return of(seed, lane, place, keys, SearchIndex::ofRow);
        }

        private static Expected of(
                Seed seed, long lane, long place, Iterable<IndexKey> keys, Function<IndexKey, String> text) {
            Map<String, Long> byStart = new HashMap<>(4);
            for (IndexKey each : keys) {
                String key = text.apply(each);
                byStart.merge(key.substring(0, 2), seed.of(key, lane, place), Long::sum);
            }
            return new Expected(lane, place, byStart);
        }
    }

    /** Creates a comparison. For segments, it requires entries up to the {@code marks} of their lanes. */
    IndexSums(Map<Long, Long> marks) {
        this.marks = marks;
    }

    Seed seed() {
        return seed;
    }

    /** Adds the entries that the index must have for a row. */
    void expect(Expected expected) {
        expected.byStart()
                .forEach((start, sum) ->
                        sums.merge(SeqRange.of(start, expected.lane(), expected.place()), sum, Long::sum));
    }

    /** Adds the entries that the index must have for a segment. Ignores segments after the mark. */
    void expectOfSegment(Expected expected) {
        if (expected.place() <= mark(expected.lane())) {
            expect(expected);
        }
    }

    private long mark(long lane) {
        return marks.getOrDefault(lane, 0L);
    }

    /** Returns why the indexes of {@code store} do not have exactly the required entries within {@code extents}; empty if they do. */
    Optional<String> fault(Store store, List<Lane.Extent> extents) {
        Map<Long, Lane.Extent> within = new HashMap<>();
        extents.forEach(each -> within.put(each.head().lane(), each));
        return faultOfMarks(within).or(() -> {
            for (SearchIndex.Table each : SearchIndex.Table.values()) {
                subtract(store, each, within);
            }
            return firstDifference();
        });
    }

    private Optional<String> faultOfMarks(Map<Long, Lane.Extent> within) {
        return marks.entrySet().stream()
                .filter(each -> each.getValue()
                        > Optional.ofNullable(within.get(each.getKey()))
                                .map(extent -> extent.head().seq())
                                .orElse(0L))
                .findFirst()
                .map(each -> "the search index claims to cover lane " + each.getKey() + " up to record "
                        + each.getValue() + ", which lies after its end: searches are unreliable");
    }

    private Optional<String> firstDifference() {
        TreeSet<String> wrong = new TreeSet<>();
        sums.forEach((range, sum) -> {
            if (sum != 0) {
                wrong.add("the search index by " + range.index() + " does not match records " + range + ": searches by "
                        + range.index() + " are unreliable");
            }
        });
        return wrong.stream().findFirst();
    }

    private void subtract(Store store, SearchIndex.Table table, Map<Long, Lane.Extent> within) {
        SearchIndex.Page page = store.read(handle -> table.page(handle, List.of(), PAGE));
        while (!page.entries().isEmpty()) {
            for (SearchIndex.Found each : page.entries()) {
                if (concerns(table, within.get(each.lane()), each)) {
                    sums.merge(
                            SeqRange.of(each.key(), each.lane(), each.place()),
                            -seed.of(each.key(), each.lane(), each.place()),
                            Long::sum);
                }
            }
            List<Object> last = page.last();
            page = store.read(handle -> table.page(handle, last, PAGE));
        }
    }

    private boolean concerns(SearchIndex.Table table, Lane.@Nullable Extent extent, SearchIndex.Found each) {
        return extent != null
                && each.place() > extent.begin().seq()
                && each.place()
                        <= (table == SearchIndex.Table.KEYS
                                ? mark(each.lane())
                                : extent.head().seq());
    }
}
