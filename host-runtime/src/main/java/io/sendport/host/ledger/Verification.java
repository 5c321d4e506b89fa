package io.sendport.host.ledger;

import io.sendport.host.store.Store;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the chain and holds it against heads, checkpoints and message states. It finds every edit, gap, insertion and swap
 * within the lane; a tail that was cut off, or a ledger written anew, it finds up to the last checkpoint kept outside the store.
 */
public final class Verification {

    private final Store store;
    private final Checkpoints checkpoints;

    /** Verifies the ledger in {@code store} against {@code checkpoints}. */
    public Verification(Store store, Checkpoints checkpoints) {
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /**
     * What held.
     *
     * @param records that held
     * @param anchored the seq up to which a signed checkpoint outside the store vouches; 0 for none
     * @param fault the first thing that does not hold; empty when all does
     */
    public record Finding(long records, long anchored, Optional<String> fault) {}

    /** Recomputes everything. */
    public Finding run() {
        return store.read(this::run);
    }

    private Finding run(Handle handle) {
        // One snapshot for all of it, while a host goes on writing.
        handle.begin();
        try {
            List<Checkpoints.Checkpoint> signed = checkpoints.read();
            Map<Long, String> expected = new java.util.HashMap<>();
            long anchored = 0;
            for (Checkpoints.Checkpoint checkpoint : signed) {
                Optional<String> fault = checkpoints.faultOf(checkpoint);
                if (fault.isPresent()) {
                    return new Finding(0, 0, fault);
                }
                expected.put(checkpoint.head().seq(), checkpoint.head().hash());
                anchored = Math.max(anchored, checkpoint.head().seq());
            }
            Chain chain = new Chain(expected);
            Optional<String> fault = chain.follow(handle)
                    .or(() -> faultOfHead(handle, chain))
                    .or(() -> chain.unmet(expected))
                    .or(() -> faultOfSteps(handle))
                    .or(() -> faultOfStates(handle))
                    .or(() -> chain.faultOfIndex(handle))
                    .or(() -> chain.faultOfCheckpoints(signed));
            return new Finding(chain.held, Math.min(anchored, chain.held), fault);
        } finally {
            handle.rollback();
        }
    }

    private static Optional<String> faultOfHead(Handle handle, Chain chain) {
        Ledger.Head head = Ledger.head(handle);
        boolean same = head.seq() == chain.held && head.hash().equals(chain.last);
        return same
                ? Optional.empty()
                : Optional.of("the ledger ends with record 0:" + chain.held + ", but its head says 0:" + head.seq()
                        + ": records at the end were removed or added");
    }

    private static Optional<String> faultOfSteps(Handle handle) {
        return handle.createQuery("SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL GROUP BY r.message"
                        + " HAVING count(*) <> max(r.step) OR min(r.step) <> 1 LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .map(id -> "records of message " + id + " are missing or doubled: their steps have a gap")
                .or(() -> handle.createQuery("SELECT m.id FROM message m WHERE m.steps <>"
                                + " (SELECT count(*) FROM audit_record r WHERE r.message = m.id) LIMIT 1")
                        .mapTo(String.class)
                        .findOne()
                        .map(id -> "message " + id + " changed its state without a record"));
    }

    /** A state that no record tells of, and a message that ended without one. */
    private static Optional<String> faultOfStates(Handle handle) {
        return handle.createQuery(
                        "SELECT m.id FROM message m WHERE m.state IN ('DONE', 'TERMINATED', 'CONSUMED', 'SUSPENDED')"
                                + " AND NOT EXISTS (SELECT 1 FROM audit_record r WHERE r.message = m.id AND r.kind IN (m.state,"
                                + " CASE m.state WHEN 'DONE' THEN 'ACCEPTED' ELSE m.state END, CASE m.state WHEN 'DONE' THEN 'RESOLVED' ELSE m.state END))"
                                + " LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .map(id -> "the state of message " + id + " was changed: no record tells of it")
                .or(() -> handle.createQuery(
                                "SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL AND r.step = 1"
                                        + " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = r.message)"
                                        + " AND NOT EXISTS (SELECT 1 FROM audit_record e WHERE e.message = r.message"
                                        + " AND e.kind IN ('ACCEPTED', 'RESOLVED', 'TERMINATED', 'CONSUMED')) LIMIT 1")
                        .mapTo(String.class)
                        .findOne()
                        .map(id -> "message " + id + " was removed from the message box before it ended"));
    }

    /** Follows the lane from its first record. */
    private static final class Chain {
        private final Map<Long, String> expected;
        private final List<String> statements = new ArrayList<>();
        private long held;
        private long recipients;
        private String last = Hashing.NONE;

        Chain(Map<Long, String> expected) {
            this.expected = expected;
        }

        private Optional<String> follow(Handle handle) {
            try (ResultIterator<Row> rows = handle.createQuery(
                            "SELECT seq, at, kind, port, message, step, header, hash, hex(salt), private, mime_message_id, queue_id FROM audit_record WHERE lane = 0 ORDER BY seq")
                    .map((row, context) -> new Row(
                            row.getLong(1),
                            row.getLong(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getLong(6),
                            row.getString(7),
                            row.getString(8),
                            row.getString(9),
                            row.getString(10),
                            row.getString(11),
                            row.getString(12)))
                    .iterator()) {
                while (rows.hasNext()) {
                    Row row = rows.next();
                    String fault = faultOf(row);
                    if (fault != null) {
                        return Optional.of("record 0:" + row.seq() + ": " + fault);
                    }
                    held = row.seq();
                    last = row.hash();
                }
                return Optional.empty();
            }
        }

        private @Nullable String faultOf(Row row) {
            if (row.seq() != held + 1) {
                return "follows record 0:" + held + ", so records between them are missing";
            }
            if (!Hashing.ofHeader(row.header()).equals(row.hash())) {
                return "its header was changed";
            }
            Map<String, Object> header;
            try {
                header = Ledger.parse(row.header());
            } catch (IllegalArgumentException e) {
                return String.valueOf(e.getMessage());
            }
            if (!last.equals(header.get("prevHash"))
                    || !String.valueOf(row.seq()).equals(String.valueOf(header.get("seq")))) {
                return "does not continue the record before it";
            }
            if (row.secret() == null || row.salt() == null) {
                return "its private part is gone, and no ERASED record says so";
            }
            if (!Hashing.ofPrivate(HexFormat.of().parseHex(row.salt()), row.secret())
                    .equals(header.get("private"))) {
                return "its private part was changed";
            }
            if (!row.agreesWith(header)) {
                return "its search columns were changed";
            }
            if (header.get("checkpoint") != null) {
                statements.add(String.valueOf(header.get("checkpoint")));
            }
            recipients += row.recipients();
            String anchor = expected.get(row.seq());
            if (anchor != null && !anchor.equals(row.hash())) {
                return "a signed checkpoint names another record at this place: the ledger was written anew";
            }
            return null;
        }

        Optional<String> faultOfIndex(Handle handle) {
            long indexed = handle.createQuery("SELECT count(*) FROM audit_recipient")
                    .mapTo(Long.class)
                    .one();
            return indexed == recipients
                    ? Optional.empty()
                    : Optional.of("the search index holds " + indexed + " recipients, the records " + recipients
                            + ": searches by recipient can't be trusted");
        }

        /** Every checkpoint that the ledger tells of must lie outside the store too. */
        Optional<String> faultOfCheckpoints(List<Checkpoints.Checkpoint> signed) {
            List<String> outside =
                    signed.stream().map(each -> Hashing.ofHeader(each.signed())).toList();
            return statements.stream()
                    .filter(statement -> !outside.contains(statement))
                    .findFirst()
                    .map(statement -> "a checkpoint that the ledger tells of is missing outside the store");
        }

        Optional<String> unmet(Map<Long, String> all) {
            return all.keySet().stream()
                    .filter(seq -> seq > held)
                    .findFirst()
                    .map(seq -> "a signed checkpoint names record 0:" + seq
                            + ", which is not there: the end of the ledger was cut off");
        }
    }

    private record Row(
            long seq,
            long at,
            String kind,
            @Nullable String port,
            @Nullable String message,
            long step,
            String header,
            String hash,
            @Nullable String salt,
            @Nullable String secret,
            @Nullable String mimeMessageId,
            @Nullable String queueId) {

        /** How many addresses the search index should have for it. */
        long recipients() {
            return Ledger.parse(String.valueOf(secret)).get("recipients") instanceof List<?> list
                    ? list.stream().map(Row::address).distinct().count()
                    : 0;
        }

        private static String address(@Nullable Object recipient) {
            return recipient instanceof Map<?, ?> facts
                    ? String.valueOf(facts.get("address")).toLowerCase(java.util.Locale.ROOT)
                    : "";
        }

        boolean agreesWith(Map<String, Object> facts) {
            Map<String, Object> own = Ledger.parse(String.valueOf(secret));
            if (!String.valueOf(own.get("mimeMessageId")).equals(String.valueOf(mimeMessageId))
                    || !String.valueOf(own.get("queueId")).equals(String.valueOf(queueId))) {
                return false;
            }
            List<Object> told = new ArrayList<>();
            told.add(String.valueOf(facts.get("kind")));
            told.add(String.valueOf(facts.getOrDefault("port", "null")));
            told.add(String.valueOf(facts.getOrDefault("message", "null")));
            told.add(String.valueOf(facts.getOrDefault("step", 0)));
            told.add(java.time.Instant.parse(String.valueOf(facts.get("at"))).toEpochMilli());
            return told.equals(List.of(kind, String.valueOf(port), String.valueOf(message), String.valueOf(step), at));
        }
    }
}
