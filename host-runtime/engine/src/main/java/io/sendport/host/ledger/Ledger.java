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
 * Appends records to a lane, and reads the records of all lanes. Every transaction reads the lane's head again, so that a command
 * extends the same chain as a running host. Safe for use by several threads.
 */
public final class Ledger {

    /**
     * The maximum number of records under one Merkle root, so that a tree fits into memory. This many new records also make a
     * checkpoint due.
     */
    public static final int TREE = 100_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final Store store;
    private final Clock clock;
    private final Lane lane;
    private final RecordPages records;
    private final IndexLagLimiter distance = new IndexLagLimiter();
    private final SecureRandom random = new SecureRandom();
    private volatile Function<String, Disclosure> disclosures = host -> Disclosure.PLAIN;

    /** Records into {@code lane} of {@code store}, with times by {@code clock}. */
    public Ledger(Store store, Clock clock, Lane lane) {
        this.store = store;
        this.clock = clock;
        this.lane = lane;
        this.records = new RecordPages(store);
    }

    /** Sets how much private parts disclose, by host. */
    public void discloseBy(Function<String, Disclosure> byHost) {
        this.disclosures = byHost;
    }

    /** Prepares an entry as far as possible before its place is known, because appending in a transaction blocks other writers. */
    public Entry prepared(Entry entry) {
        entry.privatePart(this::makePrivatePart);
        return entry;
    }

    private Entry.PrivatePart makePrivatePart(Entry entry) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        String host = String.valueOf(entry.header().getOrDefault("host", ""));
        return new Entry.PrivatePart(disclosures.apply(host).of(entry.secret()), salt);
    }

    /**
     * Appends {@code entry} within {@code transaction}.
     *
     * @return its place
     */
    public Head append(Transaction transaction, Entry entry) {
        return transaction
                .share(Tail.class, () -> new Tail(transaction, lane, clock, this::makePrivatePart, distance))
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

    /** The record at that place. */
    public Optional<AuditRecord> find(long lane, long seq) {
        return store.readOneMoment(handle -> StoredRecords.find(handle, lane, seq))
                .map(AuditRecord::of);
    }

    /** The records of that kind about a message, oldest first. */
    public List<AuditRecord> records(MessageId message, Kind kind) {
        return store.readOneMoment(handle -> LookUp.ofMessages(handle, List.of(message.value()))).stream()
                .filter(each -> each.is(kind))
                .toList();
    }

    /** How records of {@code host} show an address in their private parts. */
    public String disclosedAddress(String host, String address) {
        return disclosures.apply(host).recipient().apply(address);
    }

    /** Whether that record exists, or was pruned since. */
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
        records.read(filter, Optional.empty(), RecordPages.Order.AS_RECORDED, reader);
    }

    /**
     * The newest records, newest first.
     *
     * @param records those that fit
     * @param next the position before which the next page starts; empty at the end
     * @param isWhole false when the time was over before the page was full
     */
    public record Newest(List<AuditRecord> records, List<Long> next, boolean isWhole) {}

    /**
     * The newest records that fit, as far as they are found within {@code patience}. A query that takes longer is canceled.
     *
     * @param before {@link Newest#next} of the previous page; empty for the first page
     * @param most how many, from 1
     */
    public Newest newest(AuditFilter filter, List<Long> before, int most, Duration patience) {
        return records.newest(filter, before, most, patience);
    }

    /**
     * The next records of some kinds in the lane of {@code head}, up to it.
     *
     * @param after a number in the lane; records up to it are left out
     * @param most how many, from 1; fewer mean that there are no more
     */
    public List<AuditRecord> next(Head head, long after, List<Kind> kinds, int most) {
        List<AuditRecord> found = new ArrayList<>();
        StoredRecords.SeqRange left =
                new StoredRecords.SeqRange(head.lane(), after + 1, head.seq(), StoredRecords.Direction.FORWARD);
        AuditFilter filter = AuditFilter.all().ofKinds(kinds);
        while (!left.isEmpty() && found.size() < most) {
            StoredRecords.SeqRange part = left;
            StoredRecords.Chunk chunk =
                    store.readOneMoment(handle -> StoredRecords.read(handle, part, filter.prefilter()));
            chunk.links().stream().map(AuditRecord::of).filter(filter::accepts).forEach(found::add);
            left = left.behind(chunk.reached());
        }
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    /** The records of the submissions of these messages, as far as they exist, by message. */
    public Map<String, AuditRecord> submitted(List<String> messages) {
        if (messages.isEmpty()) {
            return Map.of();
        }
        return store.readOneMoment(handle -> LookUp.ofMessages(handle, messages)).stream()
                .filter(each -> each.is(Kind.SUBMITTED) && LookUp.step(each) == 1)
                .collect(Collectors.toMap(each -> each.header("message"), Function.identity()));
    }

    /** As {@link #read}, lane by lane, each from its start. */
    public void readLanes(AuditFilter filter, Predicate<AuditRecord> reader) {
        records.read(filter, Optional.empty(), RecordPages.Order.BY_LANE, reader);
    }

    /** As {@link #read}, for the records of one lane after a place. */
    public void readAfter(Head place, AuditFilter filter, Predicate<AuditRecord> reader) {
        records.read(filter, Optional.of(place), RecordPages.Order.BY_LANE, reader);
    }

    /**
     * The number of records that {@code filter} selects by its columns, by port and kind; the empty port has records without a
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
     * Brings the search index up to date. Skips a lane that another process is indexing, so the index may still lag when this returns.
     */
    public void index() {
        for (long each : store.read(SearchIndex::behind)) {
            boolean hasMore = true;
            while (hasMore) {
                hasMore = store.write(transaction -> SearchIndex.advance(transaction, each));
            }
        }
    }

    /** The ends of all lanes that have records, in one snapshot. */
    public List<Head> heads() {
        return store.read(Ledger::heads);
    }

    /** As {@link #heads}, but only heads that survive a power failure, for signed statements. */
    public List<Head> headsOnDisk() {
        return store.write(transaction -> heads(transaction.handle()));
    }

    /** The ends of all lanes of a store that is about to be replaced. */
    public static List<Head> headsOf(ReplacedStore store) {
        return store.read(Ledger::heads);
    }

    static List<Head> heads(Handle handle) {
        return Lane.extents(handle).stream().map(Lane.Extent::head).toList();
    }

    /** The place before the first remaining record, by lane. */
    public Map<Long, Long> begins() {
        Map<Long, Long> begins = new HashMap<>();
        store.read(Lane::extents)
                .forEach(extent ->
                        begins.put(extent.begin().lane(), extent.begin().seq()));
        return begins;
    }

    /** Hashes of the records between two places, both included. */
    public List<String> hashes(long lane, long from, long to) {
        List<String> hashes = new ArrayList<>();
        StoredRecords.SeqRange left = new StoredRecords.SeqRange(lane, from, to, StoredRecords.Direction.FORWARD);
        while (!left.isEmpty()) {
            StoredRecords.SeqRange part = left;
            StoredRecords.Chunk chunk =
                    store.readOneMoment(handle -> StoredRecords.read(handle, part, StoredRecords.Prefilter.NOTHING));
            chunk.links().forEach(link -> hashes.add(link.hash()));
            left = left.behind(chunk.reached());
        }
        return hashes;
    }

    /** The number of records ever written. */
    public long count() {
        return heads().stream().mapToLong(Head::seq).sum();
    }

    /** The latest time of a record; empty when there is none. */
    public Optional<Instant> newest() {
        return store.read(handle -> handle.createQuery("SELECT max(at) FROM (SELECT max(at) AS at FROM audit_record"
                        + " UNION ALL SELECT max(max_at) FROM audit_segment) newest HAVING max(at) IS NOT NULL")
                .map((row, context) -> Instant.ofEpochMilli(row.getLong(1)))
                .findOne()
                .filter(newest -> newest.isAfter(Instant.EPOCH)));
    }

    /** The earliest time of a record, in milliseconds since 1970; null when there is none. */
    public static @Nullable Long earliest(Handle handle) {
        return handle.createQuery("SELECT min(at) FROM (SELECT min(at) AS at FROM audit_record"
                        + " UNION ALL SELECT min(min_at) FROM audit_segment) earliest")
                .mapTo(Long.class)
                .one();
    }

    /**
     * Whether anything except checkpoints was recorded after these places. Compares places, not times, because the clock may have
     * been set.
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

    /** Releases the lane for other processes; it is leased again when there is more to record. */
    public void giveBackLane() {
        store.change(transaction -> lane.giveBack(transaction.handle()));
    }

    public static Map<String, Object> parse(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a ledger record is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The end of a lane.
     *
     * @param lane the lane
     * @param seq of its newest record; 0 when it has none
     * @param hash of that record
     */
    public record Head(long lane, long seq, String hash) {

        /** Reads the JSON of a checkpoint or a record. */
        public static Head of(@Nullable Object json) {
            if (!(json instanceof Map<?, ?> head)) {
                throw new IllegalArgumentException("\"" + json + "\" is not a place on the ledger");
            }
            return new Head(
                    Long.parseLong(String.valueOf(head.get("lane"))),
                    Long.parseLong(String.valueOf(head.get("seq"))),
                    String.valueOf(head.get("hash")));
        }

        public String place() {
            return lane + ":" + seq;
        }

        /** The JSON that {@link #of} reads. */
        public Map<String, Object> json() {
            return Map.of("lane", lane, "seq", seq, "hash", hash);
        }
    }
}
