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
                    .or(() -> faultOfSteps(handle));
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

    /** Follows the lane from its first record. */
    private static final class Chain {
        private final Map<Long, String> expected;
        private long held;
        private String last = Hashing.NONE;

        Chain(Map<Long, String> expected) {
            this.expected = expected;
        }

        private Optional<String> follow(Handle handle) {
            try (ResultIterator<Row> rows = handle.createQuery(
                            "SELECT seq, at, kind, port, message, step, header, hash, hex(salt), private FROM audit_record WHERE lane = 0 ORDER BY seq")
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
                            row.getString(10)))
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
            String anchor = expected.get(row.seq());
            if (anchor != null && !anchor.equals(row.hash())) {
                return "a signed checkpoint names another record at this place: the ledger was written anew";
            }
            return null;
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
            @Nullable String secret) {

        boolean agreesWith(Map<String, Object> facts) {
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
