package io.sendport.host.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.store.Sql;
import io.sendport.host.store.Store;
import io.sendport.host.store.Transaction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a lane, and reads those of all lanes. The head of the lane is read anew in every transaction, so that a command
 * line beside a running host extends the same chain. Safe for use by several threads.
 */
public final class Ledger {

    private static final int FETCH = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final Store store;
    private final Clock clock;
    private final Lane lane;
    private final SecureRandom random = new SecureRandom();
    private volatile Function<String, Disclosure> disclosures = host -> Disclosure.PLAIN;

    /** Records into {@code lane} of {@code store}, with times by {@code clock}. */
    public Ledger(Store store, Clock clock, Lane lane) {
        this.store = store;
        this.clock = clock;
        this.lane = lane;
    }

    /** From now on private parts tell as much as {@code disclosures} says, by host. */
    public void discloseBy(Function<String, Disclosure> byHost) {
        this.disclosures = byHost;
    }

    /** The same entry, for which all is done that can be before its place is known: what is appended in a transaction holds up others. */
    public Entry prepared(Entry entry) {
        entry.told(this::tell);
        return entry;
    }

    private Entry.Told tell(Entry entry) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        String host = String.valueOf(entry.header().getOrDefault("host", ""));
        return new Entry.Told(disclosures.apply(host).of(entry.secret()), salt);
    }

    /** Appends {@code entry} within {@code transaction}. */
    public void append(Transaction transaction, Entry entry) {
        transaction.share(Tail.class, () -> new Tail(transaction)).append(entry);
    }

    /** Appends entries that go with no other change. */
    public void record(Entry... entries) {
        store.change(transaction -> {
            for (Entry entry : entries) {
                append(transaction, entry);
            }
        });
    }

    /** The record at that place. */
    public Optional<AuditRecord> find(long lane, long seq) {
        return store.read(handle -> handle.createQuery(
                        "SELECT lane, seq, hash, header, salt, private FROM audit_record WHERE lane = ? AND seq = ?")
                .bind(0, lane)
                .bind(1, seq)
                .map((row, context) -> AuditRecord.of(Link.read(row)))
                .findOne());
    }

    /** Whether that record is here, or was pruned since. */
    boolean has(Head head) {
        return store.read(Lane::extents).stream()
                        .map(Lane.Extent::begin)
                        .anyMatch(begin -> begin.lane() == head.lane() && begin.seq() >= head.seq())
                || find(head.lane(), head.seq())
                        .filter(found -> found.hash().equals(head.hash()))
                        .isPresent();
    }

    /** Hands every record that {@code filter} lets through to {@code reader}, oldest first, until it says that it has enough. */
    public void read(AuditFilter filter, Predicate<AuditRecord> reader) {
        read(filter, Optional.empty(), "<ledgerOrder>", reader);
    }

    /** As {@link #read}, lane by lane, each from its begin. */
    public void readLanes(AuditFilter filter, Predicate<AuditRecord> reader) {
        read(filter, Optional.empty(), "<laneOrder>", reader);
    }

    /** As {@link #read}: what came to one lane after a place. */
    public void readAfter(Head place, AuditFilter filter, Predicate<AuditRecord> reader) {
        read(filter, Optional.of(place), "r.seq", reader);
    }

    private void read(AuditFilter filter, Optional<Head> after, String order, Predicate<AuditRecord> reader) {
        store.readOneMoment(handle -> {
            List<Object> values = new ArrayList<>();
            String sql = "SELECT r.lane, r.seq, r.hash, r.header, r.salt, r.private FROM " + filter.tables(values)
                    + " WHERE " + filter.conditions(values)
                    + (after.isPresent() ? " AND r.lane = ? AND r.seq > ?" : "") + " ORDER BY " + order;
            after.ifPresent(place -> {
                values.add(place.lane());
                values.add(place.seq());
            });
            try (ResultIterator<AuditRecord> records = bound(handle, sql, values)
                    .setFetchSize(FETCH)
                    .map((row, context) -> AuditRecord.of(Link.read(row)))
                    .iterator()) {
                while (records.hasNext()) {
                    AuditRecord each = records.next();
                    if (filter.accepts(each) && !reader.test(each)) {
                        break;
                    }
                }
            }
            return true;
        });
    }

    private static Query bound(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }

    /** How many records {@code filter} lets through by its columns, by port and kind; the empty port has those of none. */
    SortedMap<String, Map<Kind, Long>> counts(AuditFilter filter) {
        return store.readOneMoment(handle -> {
            List<Object> values = new ArrayList<>();
            String sql = "SELECT coalesce(r.port, ''), r.kind, count(*) FROM " + filter.tables(values) + " WHERE "
                    + filter.conditions(values) + " GROUP BY r.port, r.kind";
            SortedMap<String, Map<Kind, Long>> counts = new TreeMap<>();
            bound(handle, sql, values)
                    .map((row, context) -> counts.computeIfAbsent(row.getString(1), port -> new EnumMap<>(Kind.class))
                            .merge(Kind.valueOf(row.getString(2)), row.getLong(3), Long::sum))
                    .list();
            return counts;
        });
    }

    /** The private parts that are still there in the records of {@code message}. */
    List<Erasable> erasable(Handle handle, String message) {
        return erasable(handle, "message = ? AND private IS NOT NULL ORDER BY lane, seq", message);
    }

    /** The ends of all lanes that have records, as of one moment. */
    public List<Head> heads() {
        return store.read(Ledger::heads);
    }

    /** As {@link #heads}, of what will still be there after the power has failed: for those who vouch for it elsewhere. */
    List<Head> headsOnDisk() {
        return store.write(transaction -> heads(transaction.handle()));
    }

    static List<Head> heads(Handle handle) {
        return Lane.extents(handle).stream().map(Lane.Extent::head).toList();
    }

    /** How many records there ever were. */
    public long count() {
        return heads().stream().mapToLong(Head::seq).sum();
    }

    /** Whether anything but checkpoints was recorded since. */
    public boolean hasNewsSince(Instant then) {
        return store.read(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM audit_record WHERE at >= ? AND kind <> 'CHECKPOINT')")
                .bind(0, then.toEpochMilli())
                .mapTo(Boolean.class)
                .one());
    }

    /** Lets other processes have the lane; it is leased again when there is more to record. */
    public void giveBackLane() {
        store.change(transaction -> lane.giveBack(transaction.handle()));
    }

    static Map<String, Object> parse(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a ledger record that is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * What deletes a record, or its private part, must know of it.
     *
     * @param lane its lane
     * @param seq its place
     * @param secret the private part; empty when that is gone
     */
    record Erasable(long lane, long seq, Map<String, Object> secret) {}

    static List<Erasable> erasable(Handle handle, String condition, Object... values) {
        return bound(handle, "SELECT lane, seq, private FROM audit_record WHERE " + condition, List.of(values))
                .map((row, context) -> {
                    String secret = row.getString(3);
                    return new Erasable(row.getLong(1), row.getLong(2), secret == null ? Map.of() : parse(secret));
                })
                .list();
    }

    /**
     * The end of a lane.
     *
     * @param lane the lane
     * @param seq of its newest record; 0 when it has none
     * @param hash of that record
     */
    public record Head(long lane, long seq, String hash) {

        /** As JSON of a checkpoint or a record says it. */
        static Head of(@Nullable Object json) {
            if (!(json instanceof Map<?, ?> head)) {
                throw new IllegalArgumentException("\"" + json + "\" is no place in the ledger");
            }
            return new Head(
                    Long.parseLong(String.valueOf(head.get("lane"))),
                    Long.parseLong(String.valueOf(head.get("seq"))),
                    String.valueOf(head.get("hash")));
        }

        String place() {
            return lane + ":" + seq;
        }
    }

    /** The end of our lane within one transaction. */
    private final class Tail implements Transaction.BeforeCommit {
        private final Sql sql;
        private final Head before;
        private long seq;
        private String hash;

        Tail(Transaction transaction) {
            this.sql = transaction.sql();
            this.before = lane.take(transaction, clock.instant());
            this.seq = before.seq();
            this.hash = before.hash();
        }

        void append(Entry entry) {
            Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Entry.Told told = entry.told(Ledger.this::tell);
            Map<String, Object> header = new TreeMap<>(entry.header());
            header.put("lane", before.lane());
            header.put("seq", ++seq);
            header.put("at", at.toString());
            header.put("kind", entry.kind().name());
            header.put("prevHash", hash);
            header.put("private", told.hash);
            String canonical = CanonicalJson.of(header);
            hash = Hashing.ofHeader(canonical);
            sql.change(
                    "INSERT INTO audit_record (lane, seq, at, kind, port, message, step, mime_message_id, queue_id,"
                            + " header, hash, salt, private) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    before.lane(),
                    seq,
                    at.toEpochMilli(),
                    entry.kind().name(),
                    header.get("port"),
                    header.get("message"),
                    header.get("step"),
                    told.facts.get("mimeMessageId"),
                    told.facts.get("queueId"),
                    canonical,
                    hash,
                    told.salt,
                    told.json);
            SearchIndex.add(sql, before.lane(), seq, told.facts);
        }

        @Override
        public void beforeCommit(Transaction transaction) {
            sql.changeOne(
                    () -> new IllegalStateException(
                            "lane " + before.lane() + " moved under a transaction; nothing of it is kept"),
                    "UPDATE audit_lane SET head_seq = ?, head_hash = ? WHERE lane = ? AND head_seq = ? AND head_hash = ?",
                    seq,
                    hash,
                    before.lane(),
                    before.seq(),
                    before.hash());
        }
    }
}
