package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of segments by message, recipient, promoted property and kind. It follows the lanes at some distance: each lane has a
 * mark, and searches read the segments behind it. Entries by recipient and property are deleted with the private parts from which
 * they are derived. The indexes of rows from before version 14 are complete, and only lose entries.
 */
public final class SearchIndex {

    /** How many records a turn adds, so that other writers do not wait for long. */
    private static final int TURN = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

    private static final String MARK = "SELECT indexed_to FROM audit_indexed WHERE lane = ?";

    private SearchIndex() {}

    /** An entry, in the order of the index. */
    private record Place(String key, long segment) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byKey = key.compareTo(other.key);
            return byKey != 0 ? byKey : Long.compare(segment, other.segment);
        }
    }

    /** The last number in each lane that the index covers. */
    public static Map<Long, Long> marks(Handle handle) {
        Map<Long, Long> marks = new HashMap<>();
        handle.createQuery("SELECT lane, indexed_to FROM audit_indexed")
                .map((row, context) -> marks.put(row.getLong(1), row.getLong(2)) == null)
                .list();
        return marks;
    }

    /** The lanes with records that the index does not cover. */
    static List<Long> behind(Handle handle) {
        return handle.createQuery("SELECT l.lane FROM audit_lane l LEFT JOIN audit_indexed i ON i.lane = l.lane"
                        + " WHERE l.head_seq > coalesce(i.indexed_to, 0) ORDER BY l.lane")
                .mapTo(Long.class)
                .list();
    }

    /**
     * Adds the next records of a lane, unless another process is about to.
     *
     * @return whether there are more
     */
    static boolean advance(Transaction transaction, long lane) {
        return advance(transaction.handle(), lane, "<skipLocked>");
    }

    /** How far the index is behind a lane's end. */
    static long distance(Handle handle, Ledger.Head head) {
        return head.seq() - mark(handle, head.lane());
    }

    private static boolean advance(Handle handle, long lane, String locking) {
        Optional<Long> locked = lock(handle, lane, locking);
        if (locked.isEmpty()) {
            return false;
        }
        long mark = locked.get();
        long head = handle.createQuery("SELECT head_seq FROM audit_lane WHERE lane = ?")
                .bind(0, lane)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        Set<Place> places = new TreeSet<>();
        long reached = mark;
        while (reached < head && reached - mark < TURN) {
            List<Segment> segments = StoredRecords.segmentsBehind(handle, lane, reached, head);
            if (segments.isEmpty()) {
                break;
            }
            for (Segment segment : segments) {
                keysIfSound(segment).forEach(key -> places.add(new Place(key, segment.first())));
                reached = segment.last();
            }
        }
        add(handle, lane, places);
        if (reached > mark) {
            handle.execute("UPDATE audit_indexed SET indexed_to = ? WHERE lane = ?", reached, lane);
        }
        return reached > mark && reached < head;
    }

    /** Indexes a lane to its head. Nobody else indexes the lane or erases in it until the transaction ends. */
    static void advanceToHead(Handle handle, long lane) {
        boolean hasMore = advance(handle, lane, "<forUpdate>");
        while (hasMore) {
            hasMore = advance(handle, lane, "<forUpdate>");
        }
    }

    private static Optional<Long> lock(Handle handle, long lane, String locking) {
        handle.execute(
                "INSERT INTO audit_indexed (lane, indexed_to) VALUES (?, 0) ON CONFLICT (lane) DO NOTHING", lane);
        return handle.createQuery(MARK + " " + locking)
                .bind(0, lane)
                .mapTo(Long.class)
                .findOne();
    }

    /** A damaged segment must not stop the index, which would stop the ledger. A verification finds the damage. */
    private static Set<String> keysIfSound(Segment segment) {
        try {
            return keys(segment.links());
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "Segment {} of the ledger is damaged: {}. Searches may not find its records. Run `sendport audit verify`",
                    segment.place(),
                    e.getMessage());
            return Set.of();
        }
    }

    private static void add(Handle handle, long lane, Collection<Place> places) {
        if (places.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO audit_key (key, lane, segment) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
        for (Place each : places) {
            batch.bind(0, each.key()).bind(1, lane).bind(2, each.segment()).add();
        }
        batch.execute();
    }

    /** The keys of a segment's records. */
    private static Set<String> keys(List<StoredRecord> links) {
        Set<String> keys = new TreeSet<>();
        links.forEach(link -> keys.addAll(IndexKey.of(AuditRecord.of(link))));
        return keys;
    }

    /** Deletes the entries of a segment that {@code before} justifies and {@code after} does not. */
    static void remove(Handle handle, Segment segment, List<StoredRecord> before, List<StoredRecord> after) {
        Set<String> keys = keys(before);
        keys.removeAll(keys(after));
        for (String key : keys) {
            handle.execute(
                    "DELETE FROM audit_key WHERE key = ? AND lane = ? AND segment = ?",
                    key,
                    segment.lane(),
                    segment.first());
        }
    }

    /** Nobody else indexes the lane or erases in it until the transaction ends. */
    static void hold(Handle handle, long lane) {
        if (lock(handle, lane, "<forUpdate>").isEmpty()) {
            throw new IllegalStateException("lane " + lane + " has no mark");
        }
    }

    /**
     * Replaces the entries of rows with those of the segment that they become.
     *
     * @throws NotPackedException when a row has not all its entries
     */
    static void replace(Handle handle, List<StoredRecord> rows, Segment segment) {
        remove(handle, rows).ifPresent(link -> {
            throw new NotPackedException("record " + link.place() + ": the search index has not all its entries");
        });
        // Behind the mark, the index gets to it later.
        if (segment.first() <= mark(handle, segment.lane())) {
            add(
                    handle,
                    segment.lane(),
                    keys(rows).stream()
                            .map(key -> new Place(key, segment.first()))
                            .toList());
        }
    }

    private static long mark(Handle handle, long lane) {
        return handle.createQuery(MARK)
                .bind(0, lane)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /**
     * Deletes the entries of rows from before version 14.
     *
     * @return the first row that did not have all its entries; empty when all had
     */
    static Optional<StoredRecord> remove(Handle handle, List<StoredRecord> rows) {
        PreparedBatch recipients =
                handle.prepareBatch("DELETE FROM audit_recipient WHERE address = ? AND lane = ? AND seq = ?");
        PreparedBatch properties =
                handle.prepareBatch("DELETE FROM audit_property WHERE name = ? AND value = ? AND lane = ? AND seq = ?");
        List<StoredRecord> ofRecipients = new ArrayList<>();
        List<StoredRecord> ofProperties = new ArrayList<>();
        for (StoredRecord link : rows) {
            String secret = link.secret();
            if (secret == null) {
                continue;
            }
            Map<String, Object> facts = Ledger.parse(secret);
            for (String address : IndexKey.addresses(facts)) {
                recipients.add(address, link.lane(), link.seq());
                ofRecipients.add(link);
            }
            IndexKey.properties(facts).forEach((name, value) -> {
                properties.add(String.valueOf(name), IndexKey.begin(String.valueOf(value)), link.lane(), link.seq());
                ofProperties.add(link);
            });
        }
        return missing(recipients, ofRecipients).or(() -> missing(properties, ofProperties));
    }

    private static Optional<StoredRecord> missing(PreparedBatch deletions, List<StoredRecord> of) {
        if (of.isEmpty()) {
            return Optional.empty();
        }
        int[] counts = deletions.execute();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 1) {
                return Optional.of(of.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * An entry of one of the indexes.
     *
     * @param key what it finds records by, as {@link IndexKey#text} writes it for segments, and {@link #ofRow} for rows
     * @param lane the lane
     * @param place the number of the row, or of the first record of the segment
     */
    public record Found(String key, long lane, long place) {}

    /** The key as text, other than that of a segment, so that an entry of one index does not stand for one of another. */
    public static String ofRow(IndexKey key) {
        String text = key.text();
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** One of the indexes, as a verification reads it. */
    public enum Table {
        /** Of segments. */
        KEYS("audit_key", 1, "key, lane, segment"),
        /** Of rows, by recipient. */
        RECIPIENTS("audit_recipient", 1, "address, lane, seq"),
        /** Of rows, by promoted property. */
        PROPERTIES("audit_property", 2, "name, value, lane, seq");

        private final String table;
        private final int texts;
        private final String order;

        /**
         * @param texts how many columns hold the key
         * @param order all columns; the others are numbers
         */
        Table(String table, int texts, String order) {
            this.table = table;
            this.texts = texts;
            this.order = order;
        }

        /**
         * The next entries in the order of the index.
         *
         * @param after the last row of the page before, from {@link Page#last}; empty for the first page
         */
        public Page page(Handle handle, List<Object> after, int most) {
            String where = after.isEmpty()
                    ? ""
                    : " WHERE (" + order + ") > (" + String.join(", ", Collections.nCopies(after.size(), "?")) + ")";
            List<Object> last = new ArrayList<>();
            List<Found> found = RecordPages.bound(
                            handle,
                            "SELECT " + order + " FROM " + table + where + " ORDER BY " + order + " LIMIT " + most,
                            after)
                    .map((row, context) -> {
                        last.clear();
                        for (int i = 1; i <= texts; i++) {
                            last.add(row.getString(i));
                        }
                        last.add(row.getLong(texts + 1));
                        last.add(row.getLong(texts + 2));
                        return new Found(
                                key(row.getString(1), row.getString(texts)),
                                row.getLong(texts + 1),
                                row.getLong(texts + 2));
                    })
                    .list();
            return new Page(found, last);
        }

        private String key(String first, String second) {
            return switch (this) {
                case KEYS -> first;
                case RECIPIENTS -> ofRow(new IndexKey(IndexKey.By.RECIPIENT, "", first));
                case PROPERTIES -> ofRow(new IndexKey(IndexKey.By.PROPERTY, first, second));
            };
        }
    }

    /**
     * Consecutive entries.
     *
     * @param last the columns of the last one
     */
    public record Page(List<Found> entries, List<Object> last) {}
}
