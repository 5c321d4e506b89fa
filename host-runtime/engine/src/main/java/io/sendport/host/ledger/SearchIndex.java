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
 * The index of segments by message, recipient, promoted property and kind. The index may lag: each lane has a mark up to which it is
 * indexed, and searches read the segments after the mark. Entries by recipient and property are deleted together with the private
 * parts from which they are derived. The separate indexes of rows from before version 14 are complete. They get no new entries.
 */
public final class SearchIndex {

    /** The number of records after which a call stops, so that other writers do not wait long. */
    private static final int MAX_RECORDS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

    private static final String SELECT_MARK = "SELECT indexed_to FROM audit_indexed WHERE lane = ?";

    private SearchIndex() {}

    /** An entry. Entries are sorted in the order of the index. */
    private record Place(String key, long segment) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byKey = key.compareTo(other.key);
            return byKey != 0 ? byKey : Long.compare(segment, other.segment);
        }
    }

    /** Returns the mark of each lane: the number of the last record that the index covers. */
    public static Map<Long, Long> marks(Handle handle) {
        Map<Long, Long> marks = new HashMap<>();
        handle.createQuery("SELECT lane, indexed_to FROM audit_indexed")
                .map((row, context) -> marks.put(row.getLong(1), row.getLong(2)) == null)
                .list();
        return marks;
    }

    /** Returns the lanes with records after the mark. */
    static List<Long> laggingLanes(Handle handle) {
        return handle.createQuery("SELECT l.lane FROM audit_lane l LEFT JOIN audit_indexed i ON i.lane = l.lane"
                        + " WHERE l.head_seq > coalesce(i.indexed_to, 0) ORDER BY l.lane")
                .mapTo(Long.class)
                .list();
    }

    /**
     * Indexes the next records of a lane, unless another process is indexing the lane.
     *
     * @return whether there are more records to index
     */
    static boolean advance(Transaction transaction, long lane) {
        return advance(transaction.handle(), lane, "<skipLocked>");
    }

    /** Returns the number of records between the mark and the end of a lane. */
    static long lag(Handle handle, Ledger.Head head) {
        return head.seq() - mark(handle, head.lane());
    }

    private static boolean advance(Handle handle, long lane, String locking) {
        Optional<Long> locked = lockMark(handle, lane, locking);
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
        while (reached < head && reached - mark < MAX_RECORDS) {
            List<Segment> segments = StoredRecords.segmentsAfter(handle, lane, reached, head);
            if (segments.isEmpty()) {
                break;
            }
            for (Segment segment : segments) {
                keysIfReadable(segment).forEach(key -> places.add(new Place(key, segment.first())));
                reached = segment.last();
            }
        }
        add(handle, lane, places);
        if (reached > mark) {
            handle.execute("UPDATE audit_indexed SET indexed_to = ? WHERE lane = ?", reached, lane);
        }
        return reached > mark && reached < head;
    }

    /** Indexes a lane to its end. No other transaction indexes the lane or erases in it until this transaction ends. */
    static void advanceToHead(Handle handle, long lane) {
        boolean hasMore = advance(handle, lane, "<forUpdate>");
        while (hasMore) {
            hasMore = advance(handle, lane, "<forUpdate>");
        }
    }

    /** Returns the locked mark; empty when {@code locking} skips locked rows and another process holds the lock. */
    private static Optional<Long> lockMark(Handle handle, long lane, String locking) {
        handle.execute(
                "INSERT INTO audit_indexed (lane, indexed_to) VALUES (?, 0) ON CONFLICT (lane) DO NOTHING", lane);
        return handle.createQuery(SELECT_MARK + " " + locking)
                .bind(0, lane)
                .mapTo(Long.class)
                .findOne();
    }

    /** Returns no keys for a damaged segment: an exception here would stop the ledger. A verification finds the damage. */
    private static Set<String> keysIfReadable(Segment segment) {
        try {
            return keys(segment.records());
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

    private static Set<String> keys(List<StoredRecord> records) {
        Set<String> keys = new TreeSet<>();
        records.forEach(record -> keys.addAll(IndexKey.of(AuditRecord.of(record))));
        return keys;
    }

    /** Deletes the entries of a segment that its records {@code before} an erasure require and those {@code after} it do not. */
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

    /** Locks the mark of the lane: no other transaction indexes the lane or erases in it until this transaction ends. */
    static void lock(Handle handle, long lane) {
        if (lockMark(handle, lane, "<forUpdate>").isEmpty()) {
            throw new IllegalStateException("the search index has no mark for lane " + lane);
        }
    }

    /**
     * Replaces the index entries of rows with the entries of the segment that replaces these rows.
     *
     * @throws NotPackedException when the index lacks entries of a row
     */
    static void replace(Handle handle, List<StoredRecord> rows, Segment segment) {
        remove(handle, rows).ifPresent(record -> {
            throw new NotPackedException("record " + record.place() + ": the search index lacks entries of this row");
        });
        // After the mark, a later call of advance() adds the entries.
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
        return handle.createQuery(SELECT_MARK)
                .bind(0, lane)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /**
     * Deletes the entries of rows from before version 14.
     *
     * @return the first row of which the indexes lacked an entry; empty when they were complete
     */
    static Optional<StoredRecord> remove(Handle handle, List<StoredRecord> rows) {
        PreparedBatch recipients =
                handle.prepareBatch("DELETE FROM audit_recipient WHERE address = ? AND lane = ? AND seq = ?");
        PreparedBatch properties =
                handle.prepareBatch("DELETE FROM audit_property WHERE name = ? AND value = ? AND lane = ? AND seq = ?");
        List<StoredRecord> ofRecipients = new ArrayList<>();
        List<StoredRecord> ofProperties = new ArrayList<>();
        for (StoredRecord row : rows) {
            String privatePart = row.secret();
            if (privatePart == null) {
                continue;
            }
            Map<String, Object> facts = Ledger.parse(privatePart);
            for (String address : IndexKey.addresses(facts)) {
                recipients.add(address, row.lane(), row.seq());
                ofRecipients.add(row);
            }
            IndexKey.properties(facts).forEach((name, value) -> {
                properties.add(String.valueOf(name), IndexKey.begin(String.valueOf(value)), row.lane(), row.seq());
                ofProperties.add(row);
            });
        }
        return missing(recipients, ofRecipients).or(() -> missing(properties, ofProperties));
    }

    private static Optional<StoredRecord> missing(PreparedBatch deletions, List<StoredRecord> rows) {
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        int[] counts = deletions.execute();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 1) {
                return Optional.of(rows.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * An entry of one of the indexes.
     *
     * @param key the key, as {@link IndexKey#text} writes it for segments, and {@link #ofRow} for rows
     * @param lane the lane
     * @param place the number of the row, or of the first record of the segment
     */
    public record Found(String key, long lane, long place) {}

    /** Returns the key of a row as text. It differs from the key of a segment, so that their entries cannot be confused. */
    public static String ofRow(IndexKey key) {
        String text = key.text();
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** The indexes, for a verification. */
    public enum Table {
        /** The index of segments. */
        KEYS("audit_key", 1, "key, lane, segment"),
        /** The index of rows by recipient. */
        RECIPIENTS("audit_recipient", 1, "address, lane, seq"),
        /** The index of rows by promoted property. */
        PROPERTIES("audit_property", 2, "name, value, lane, seq");

        private final String table;
        private final int keyColumns;
        private final String order;

        /**
         * Describes a table.
         *
         * @param keyColumns the number of text columns that hold the key
         * @param order all columns, in the order of the index; those after the key are numbers
         */
        Table(String table, int keyColumns, String order) {
            this.table = table;
            this.keyColumns = keyColumns;
            this.order = order;
        }

        /**
         * Returns the next entries, in the order of the index.
         *
         * @param after {@link Page#last} of the previous page; empty for the first page
         * @param most the maximum number of entries, from 1
         */
        public Page page(Handle handle, List<Object> after, int most) {
            String where = after.isEmpty()
                    ? ""
                    : " WHERE (" + order + ") > (" + String.join(", ", Collections.nCopies(after.size(), "?")) + ")";
            List<Object> last = new ArrayList<>();
            List<Found> found = RecordPages.query(
                            handle,
                            "SELECT " + order + " FROM " + table + where + " ORDER BY " + order + " LIMIT " + most,
                            after)
                    .map((row, context) -> {
                        last.clear();
                        for (int i = 1; i <= keyColumns; i++) {
                            last.add(row.getString(i));
                        }
                        last.add(row.getLong(keyColumns + 1));
                        last.add(row.getLong(keyColumns + 2));
                        return new Found(
                                key(row.getString(1), row.getString(keyColumns)),
                                row.getLong(keyColumns + 1),
                                row.getLong(keyColumns + 2));
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
     * Consecutive entries of an index.
     *
     * @param entries the entries; none after the end of the index
     * @param last the columns of the last entry
     */
    public record Page(List<Found> entries, List<Object> last) {}
}
