package io.sendport.host.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.store.Store;
import io.sendport.host.store.Transaction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a lane, and reads those of all lanes. The head of the lane is read anew in every transaction, so that a command
 * line beside a running host extends the same chain. Safe for use by several threads.
 */
public final class Ledger {

    private static final int LONGEST_INDEXED = 500;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final Store store;
    private final Clock clock;
    private final Lane lane;
    private final SecureRandom random = new SecureRandom();

    /** Records into {@code lane} of {@code store}, with times by {@code clock}. */
    public Ledger(Store store, Clock clock, Lane lane) {
        this.store = store;
        this.clock = clock;
        this.lane = lane;
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
                        "SELECT lane, seq, hash, header, private FROM audit_record WHERE lane = ? AND seq = ?")
                .bind(0, lane)
                .bind(1, seq)
                .map((row, context) -> read(
                        row.getLong("lane"),
                        row.getLong("seq"),
                        row.getString("hash"),
                        row.getString("header"),
                        row.getString("private")))
                .findOne());
    }

    /** Hands every record that {@code filter} lets through to {@code reader}, oldest first, until it says that it has enough. */
    public void read(AuditFilter filter, java.util.function.Predicate<AuditRecord> reader) {
        store.readOneMoment(handle -> {
            List<Object> values = new ArrayList<>();
            String sql = "SELECT lane, seq, hash, header, private FROM audit_record r WHERE " + filter.sql(values)
                    + " ORDER BY <ledgerOrder>";
            var query = handle.createQuery(sql);
            for (int i = 0; i < values.size(); i++) {
                query.bind(i, values.get(i));
            }
            try (ResultIterator<AuditRecord> records = query.map((row, context) ->
                            read(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getString(5)))
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

    /** The ends of all lanes that have records, as of one moment. */
    public List<Head> heads() {
        return store.read(Ledger::heads);
    }

    static List<Head> heads(Handle handle) {
        return handle.createQuery(
                        "SELECT lane, head_seq, head_hash FROM audit_lane WHERE lane = 0 OR head_seq > 0 ORDER BY lane")
                .map((row, context) -> new Head(row.getLong(1), row.getLong(2), row.getString(3)))
                .list();
    }

    /** How many records there are. */
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

    static AuditRecord read(long lane, long seq, String hash, String header, @Nullable String secret) {
        return new AuditRecord(lane, seq, hash, parse(header), secret == null ? Map.of() : parse(secret));
    }

    static Map<String, Object> parse(String json) {
        try {
            return JSON.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a ledger record that is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** What of a property's value the search index holds: its begin, since an index takes no long texts. */
    static String indexed(String value) {
        String begin = value.substring(0, Math.min(LONGEST_INDEXED, value.length()));
        return begin.replace('\u0000', ' ');
    }

    /**
     * The end of a lane.
     *
     * @param lane the lane
     * @param seq of its newest record; 0 when it has none
     * @param hash of that record
     */
    public record Head(long lane, long seq, String hash) {
        String place() {
            return lane + ":" + seq;
        }
    }

    /** The end of our lane within one transaction. */
    private final class Tail implements Transaction.BeforeCommit {
        private final Handle handle;
        private final Head before;
        private long seq;
        private String hash;

        Tail(Transaction transaction) {
            this.handle = transaction.handle();
            this.before = lane.take(transaction, clock.instant());
            this.seq = before.seq();
            this.hash = before.hash();
        }

        void append(Entry entry) {
            Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            byte[] salt = new byte[16];
            random.nextBytes(salt);
            String secret = CanonicalJson.of(entry.secret());
            Map<String, Object> header = new TreeMap<>(entry.header());
            header.put("lane", before.lane());
            header.put("seq", ++seq);
            header.put("at", at.toString());
            header.put("kind", entry.kind().name());
            header.put("prevHash", hash);
            header.put("private", Hashing.ofPrivate(salt, secret));
            String canonical = CanonicalJson.of(header);
            hash = Hashing.ofHeader(canonical);
            handle.createUpdate(
                            "INSERT INTO audit_record (lane, seq, at, kind, port, message, step, mime_message_id, queue_id,"
                                    + " header, hash, salt, private) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .bind(0, before.lane())
                    .bind(1, seq)
                    .bind(2, at.toEpochMilli())
                    .bind(3, entry.kind().name())
                    .bind(4, (String) header.get("port"))
                    .bind(5, (String) header.get("message"))
                    .bind(6, (Long) header.get("step"))
                    .bind(7, (String) entry.secret().get("mimeMessageId"))
                    .bind(8, (String) entry.secret().get("queueId"))
                    .bind(9, canonical)
                    .bind(10, hash)
                    .bind(11, salt)
                    .bind(12, secret)
                    .execute();
            index(entry);
        }

        private void index(Entry entry) {
            if (entry.secret().get("recipients") instanceof List<?> recipients) {
                for (Object each : recipients) {
                    if (each instanceof Map<?, ?> recipient) {
                        handle.createUpdate(
                                        "INSERT INTO audit_recipient (address, lane, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                                .bind(
                                        0,
                                        String.valueOf(recipient.get("address")).toLowerCase(Locale.ROOT))
                                .bind(1, before.lane())
                                .bind(2, seq)
                                .execute();
                    }
                }
            }
            if (entry.secret().get("properties") instanceof Map<?, ?> properties) {
                properties.forEach((name, value) -> handle.createUpdate(
                                "INSERT INTO audit_property (name, value, lane, seq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
                        .bind(0, String.valueOf(name))
                        .bind(1, indexed(String.valueOf(value)))
                        .bind(2, before.lane())
                        .bind(3, seq)
                        .execute());
            }
        }

        @Override
        public void beforeCommit(Transaction transaction) {
            int moved = handle.createUpdate(
                            "UPDATE audit_lane SET head_seq = ?, head_hash = ? WHERE lane = ? AND head_seq = ? AND head_hash = ?")
                    .bind(0, seq)
                    .bind(1, hash)
                    .bind(2, before.lane())
                    .bind(3, before.seq())
                    .bind(4, before.hash())
                    .execute();
            if (moved != 1) {
                throw new IllegalStateException(
                        "lane " + before.lane() + " moved under a transaction; nothing of it is kept");
            }
        }
    }
}
