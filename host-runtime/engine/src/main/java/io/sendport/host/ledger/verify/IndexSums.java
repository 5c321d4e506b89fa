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
 * Compares the search indexes with the contents of records. Both sides sum up a hash of each entry, by ranges of records. The hash
 * has a random seed, so that nobody can choose entries whose sums agree. For one thread.
 */
final class IndexSums {

    private static final int STRETCH = 1_000;
    private static final int PAGE = 4_000;

    private final Seed seed = new Seed();
    private final Map<SeqRange, Long> sums = new HashMap<>();
    private final Map<Long, Long> marks;

    /**
     * A range of consecutive records.
     *
     * @param by what the index finds them by; the start of its keys
     */
    private record SeqRange(String by, long lane, long number) {

        static SeqRange of(String key, long lane, long seq) {
            return new SeqRange(key.substring(0, Math.min(2, key.length())), lane, seq / STRETCH);
        }

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
            return lane + ":" + Math.max(1, number * STRETCH) + " to " + lane + ":" + (number * STRETCH + STRETCH - 1);
        }
    }

    /** Computes the hashes. Safe for use by several threads. */
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
     * The sum of the entries of a record or a segment, by the start of their keys.
     *
     * @param lane its lane
     * @param place its number, or that of its first record
     */
    record Expected(long lane, long place, Map<String, Long> byStart) {

        /** Of a segment. */
        static Expected of(Seed seed, long lane, long place, Iterable<IndexKey> keys) {
            return of(seed, lane, place, keys, IndexKey::text);
        }

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

    /** Expects the entries of segments up to the {@code marks} of their lanes. */
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

    /** Adds the entries that the index must have for a segment, if it lies before the mark. */
    void expectOfSegment(Expected expected) {
        if (expected.place() <= mark(expected.lane())) {
            expect(expected);
        }
    }

    private long mark(long lane) {
        return marks.getOrDefault(lane, 0L);
    }

    /** Why the indexes of {@code store} do not contain the entries expected for the records within {@code extents}. */
    Optional<String> fault(Store store, List<Lane.Extent> extents) {
        Map<Long, Lane.Extent> within = new HashMap<>();
        extents.forEach(each -> within.put(each.head().lane(), each));
        return faultOfMarks(within).or(() -> {
            for (SearchIndex.Table each : SearchIndex.Table.values()) {
                subtract(store, each, within);
            }
            return first();
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

    private Optional<String> first() {
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
