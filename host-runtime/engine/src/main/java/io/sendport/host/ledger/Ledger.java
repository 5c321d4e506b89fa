package io.sendport.host.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.message.MessageId;
import io.sendport.host.store.ReplacedStore;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a lane, and reads the records of all lanes. Every transaction reads the lane's head again. A command therefore
 * extends the same chain as a running host. Safe for use by several threads.
 */
public final class Ledger {

    /**
     * The maximum number of records under one Merkle root, so that a tree fits into memory. A checkpoint is also due after this many new
     * records.
     */
    public static final int TREE = 100_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final Store store;
    private final Clock clock;
    private final Lane lane;
    private final RecordPages pages;
    private final IndexLagLimiter indexLag = new IndexLagLimiter();
    private final SecureRandom random = new SecureRandom();
    private volatile Function<String, Disclosure> disclosures = host -> Disclosure.PLAIN;

    /** Creates a ledger that appends to {@code lane} of {@code store}, with times from {@code clock}. */
    public Ledger(Store store, Clock clock, Lane lane) {
        this.store = store;
        this.clock = clock;
        this.lane = lane;
        this.pages = new RecordPages(store);
    }

    /** Sets how much private parts disclose. {@code byHost} returns the disclosure of a host by its name. */
    public void discloseBy(Function<String, Disclosure> byHost) {
        this.disclosures = byHost;
    }

    /** Creates the private part of an entry in advance, because appending in a transaction blocks other writers. Returns the entry. */
    public Entry prepared(Entry entry) {
        entry.privatePart(this::makePrivatePart);
        return entry;
    }

    private Entry.PrivatePart makePrivatePart(Entry entry) {
        byte[] salt = new byte[Segment.SALT_BYTES];
        random.nextBytes(salt);
        String host = String.valueOf(entry.header().getOrDefault("host", ""));
        return new Entry.PrivatePart(disclosures.apply(host).of(entry.details()), salt);
    }

    /**
     * Appends {@code entry} within {@code transaction}.
     *
     * @return the place of the record
     */
    public Head append(Transaction transaction, Entry entry) {
        return transaction
                .share(Tail.class, () -> new Tail(transaction, lane, clock, this::makePrivatePart, indexLag))
                .append(entry);
    }

    /** Appends entries in a separate transaction. */
    public void record(Entry... entries) {
        store.change(transaction -> {
            for (Entry entry : entries) {
                append(transaction, entry);
            }
        });
    }

    /** Returns the record at that place; empty when there is none. */
    public Optional<AuditRecord> find(long lane, long seq) {
        return store.readSnapshot(handle -> StoredRecords.find(handle, lane, seq))
                .map(AuditRecord::of);
    }

    /** Returns the records of that kind about a message, oldest first. */
    public List<AuditRecord> records(MessageId message, Kind kind) {
        return store.readSnapshot(handle -> LookUp.ofMessages(handle, List.of(message.value()))).stream()
                .filter(each -> each.is(kind))
                .toList();
    }

    /** Returns {@code address} as private parts of records of {@code host} show it. */
    public String disclosedAddress(String host, String address) {
        return disclosures.apply(host).recipient().apply(address);
    }

    /** Returns whether that record exists, or its place was pruned. */
    public boolean has(Head head) {
        return store.read(Lane::extents).stream()
                        .map(Lane.Extent::begin)
                        .anyMatch(begin -> begin.lane() == head.lane() && begin.seq() >= head.seq())
                || find(head.lane(), head.seq())
                        .filter(found -> found.hash().equals(head.hash()))
                        .isPresent();
    }

    /** Passes every record that {@code filter} selects to {@code reader}, oldest first, until the reader returns false. */
    public void read(AuditFilter filter, Predicate<AuditRecord> reader) {
        pages.read(filter, Optional.empty(), RecordPages.Order.AS_RECORDED, reader);
    }

    /**
     * A page of records, newest first.
     *
     * @param records the matching records
     * @param next the position of the next page; empty at the end
     * @param isWhole false when the timeout passed before the page was complete
     */
    public record Newest(List<AuditRecord> records, List<Long> next, boolean isWhole) {}

    /**
     * Returns the newest matching records that it finds within {@code timeout}. Cancels a query that takes longer.
     *
     * @param before {@link Newest#next} of the previous page; empty for the first page
     * @param most the maximum number of records, from 1
     */
    public Newest newest(AuditFilter filter, List<Long> before, int most, Duration timeout) {
        return pages.newest(filter, before, most, timeout);
    }

    /**
     * Returns the next records of some kinds in the lane of {@code head}, up to that place.
     *
     * @param after a number in the lane; records up to it are skipped
     * @param most the maximum number of records, from 1; if fewer are returned, there are no more
     */
    public List<AuditRecord> next(Head head, long after, List<Kind> kinds, int most) {
        List<AuditRecord> found = new ArrayList<>();
        StoredRecords.SeqRange unread =
                new StoredRecords.SeqRange(head.lane(), after + 1, head.seq(), StoredRecords.Direction.FORWARD);
        AuditFilter filter = AuditFilter.all().ofKinds(kinds);
        while (!unread.isEmpty() && found.size() < most) {
            StoredRecords.SeqRange part = unread;
            StoredRecords.Chunk chunk =
                    store.readSnapshot(handle -> StoredRecords.read(handle, part, filter.prefilter()));
            chunk.links().stream().map(AuditRecord::of).filter(filter::accepts).forEach(found::add);
            unread = unread.after(chunk.reached());
        }
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    /** Returns the records of the submissions of these messages, by message id. Messages without such a record are missing. */
    public Map<String, AuditRecord> submitted(List<String> messages) {
        if (messages.isEmpty()) {
            return Map.of();
        }
        return store.readSnapshot(handle -> LookUp.ofMessages(handle, messages)).stream()
                .filter(each -> each.is(Kind.SUBMITTED) && LookUp.step(each) == 1)
                .collect(Collectors.toMap(each -> each.header("message"), Function.identity()));
    }

    /** As {@link #read}, but lane by lane, each from its start. */
    public void readLanes(AuditFilter filter, Predicate<AuditRecord> reader) {
        pages.read(filter, Optional.empty(), RecordPages.Order.BY_LANE, reader);
    }

    /** As {@link #read}, but only the records of one lane after {@code place}. */
    public void readAfter(Head place, AuditFilter filter, Predicate<AuditRecord> reader) {
        pages.read(filter, Optional.of(place), RecordPages.Order.BY_LANE, reader);
    }

    /**
     * Returns the number of records that {@code filter} selects, by port and kind. The empty port name stands for records without a
     * port.
     */
    SortedMap<String, Map<Kind, Long>> counts(AuditFilter filter) {
        SortedMap<String, Map<Kind, Long>> counts = new TreeMap<>();
        read(filter, each -> {
            counts.computeIfAbsent(each.header("port"), port -> new EnumMap<>(Kind.class))
                    .merge(Kind.valueOf(each.header("kind")), 1L, Long::sum);
            return true;
        });
        return counts;
    }

    /**
     * Updates the search index. Skips a lane that another process is indexing, so the index may still lag when this returns.
     */
    public void index() {
        for (long each : store.read(SearchIndex::laggingLanes)) {
            boolean hasMore = true;
            while (hasMore) {
                hasMore = store.write(transaction -> SearchIndex.advance(transaction, each));
            }
        }
    }

    /** Returns the heads of all lanes that have or had records, and of the shared lane, in one snapshot. */
    public List<Head> heads() {
        return store.read(Ledger::heads);
    }

    /** As {@link #heads()}, but only heads that survive a power failure. Signed statements name these. */
    public List<Head> headsOnDisk() {
        return store.write(transaction -> heads(transaction.handle()));
    }

    /** As {@link #heads()}, for a store that is about to be replaced. */
    public static List<Head> headsOf(ReplacedStore store) {
        return store.read(Ledger::heads);
    }

    static List<Head> heads(Handle handle) {
        return Lane.extents(handle).stream().map(Lane.Extent::head).toList();
    }

    /** Returns, by lane, the number of the last pruned record; 0 if none was pruned. */
    public Map<Long, Long> begins() {
        Map<Long, Long> begins = new HashMap<>();
        store.read(Lane::extents)
                .forEach(extent ->
                        begins.put(extent.begin().lane(), extent.begin().seq()));
        return begins;
    }

    /** Returns the hashes of the records of a lane from number {@code from} to number {@code to}, both included. */
    public List<String> hashes(long lane, long from, long to) {
        List<String> hashes = new ArrayList<>();
        StoredRecords.SeqRange unread = new StoredRecords.SeqRange(lane, from, to, StoredRecords.Direction.FORWARD);
        while (!unread.isEmpty()) {
            StoredRecords.SeqRange part = unread;
            StoredRecords.Chunk chunk =
                    store.readSnapshot(handle -> StoredRecords.read(handle, part, StoredRecords.Prefilter.NOTHING));
            chunk.links().forEach(record -> hashes.add(record.hash()));
            unread = unread.after(chunk.reached());
        }
        return hashes;
    }

    /** Returns the number of records ever written, including pruned ones. */
    public long count() {
        return heads().stream().mapToLong(Head::seq).sum();
    }

    /** Returns the latest time of a record; empty when there is no record. */
    public Optional<Instant> newest() {
        return store.read(handle -> handle.createQuery("SELECT max(at) FROM (SELECT max(at) AS at FROM audit_record"
                        + " UNION ALL SELECT max(max_at) FROM audit_segment) newest HAVING max(at) IS NOT NULL")
                .map((row, context) -> Instant.ofEpochMilli(row.getLong(1)))
                .findOne()
                .filter(newest -> newest.isAfter(Instant.EPOCH)));
    }

    /** Returns the earliest time of a record, in milliseconds since 1970; null when there is no record. */
    public static @Nullable Long earliest(Handle handle) {
        return handle.createQuery("SELECT min(at) FROM (SELECT min(at) AS at FROM audit_record"
                        + " UNION ALL SELECT min(min_at) FROM audit_segment) earliest")
                .mapTo(Long.class)
                .one();
    }

    /**
     * Returns whether records other than checkpoints were appended after these places. Compares places, not times, because the clock
     * may have been changed.
     */
    public boolean hasNewsSince(List<Head> places) {
        Map<Long, Long> known = new HashMap<>();
        places.forEach(each -> known.put(each.lane(), each.seq()));
        return store.read(handle -> Lane.extents(handle).stream()
                .anyMatch(extent -> hasNews(
                        handle, extent.head(), known.getOrDefault(extent.head().lane(), 0L))));
    }

    private static boolean hasNews(Handle handle, Head head, long after) {
        return head.seq() > after
                && handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_record WHERE lane = :lane AND seq > :after"
                                + " AND kind <> 'CHECKPOINT') OR EXISTS (SELECT 1 FROM audit_segment WHERE lane = :lane"
                                + " AND first_seq > :after AND kinds <> ',CHECKPOINT,')")
                        .bind("lane", head.lane())
                        .bind("after", after)
                        .mapTo(Boolean.class)
                        .one();
    }

    /** Releases the leased lanes for other processes. The next append leases a lane again. */
    public void releaseLane() {
        store.change(transaction -> lane.release(transaction.handle()));
    }

    /**
     * Parses a JSON object, such as a header, a private part or a statement.
     *
     * @throws IllegalArgumentException when it is not a JSON object
     */
    public static Map<String, Object> parse(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a ledger record is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * A place on the ledger with the hash of its record, usually the end of a lane.
     *
     * @param lane the number of the lane
     * @param seq the number of the record in the lane; 0 when the lane has no record
     * @param hash the hash of that record, hex
     */
    public record Head(long lane, long seq, String hash) {

        /**
         * Reads a place from the parsed JSON of a statement or a record.
         *
         * @throws IllegalArgumentException when it is not a place
         */
        public static Head of(@Nullable Object json) {
            if (!(json instanceof Map<?, ?> head)) {
                throw new IllegalArgumentException("\"" + json + "\" is not a place on the ledger");
            }
            return new Head(
                    Long.parseLong(String.valueOf(head.get("lane"))),
                    Long.parseLong(String.valueOf(head.get("seq"))),
                    String.valueOf(head.get("hash")));
        }

        /** Returns lane and number, such as {@code 0:17}. */
        public String place() {
            return lane + ":" + seq;
        }

        /** Returns the JSON object that {@link #of} reads. */
        public Map<String, Object> json() {
            return Map.of("lane", lane, "seq", seq, "hash", hash);
        }
    }
}
