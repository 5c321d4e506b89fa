package io.sendport.host.ledger;

import io.sendport.host.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the chain of each lane and holds them against heads, checkpoints and message states. It finds every edit, gap, insertion
 * and swap within a lane, and a record that a message lacks across lanes; a tail that was cut off, or a ledger written anew, it finds up
 * to the last checkpoint kept outside the store.
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
     * @param anchored how many of them signed checkpoints outside the store vouch for; 0 for none
     * @param anchoredTo the place in each lane up to which they do
     * @param elsewhere checkpoints that the ledger tells of and other keys signed: they lie where those are kept
     * @param fault the first thing that does not hold; empty when all does
     */
    public record Finding(
            long records, long anchored, List<String> anchoredTo, long elsewhere, Optional<String> fault) {}

    /** Recomputes everything as of one moment, while hosts go on writing. */
    public Finding run() {
        return store.readOneMoment(this::run);
    }

    private Finding run(Handle handle) {
        List<Checkpoints.Checkpoint> signed = checkpoints.read();
        Anchors anchors = new Anchors();
        for (Checkpoints.Checkpoint checkpoint : signed) {
            Optional<String> fault = checkpoints.faultOf(checkpoint);
            if (fault.isPresent()) {
                return new Finding(0, 0, List.of(), 0, fault);
            }
            checkpoint.heads().forEach(anchors::add);
        }
        Statements statements = new Statements();
        Map<Long, Chain> chains = new TreeMap<>();
        Optional<String> fault = Optional.empty();
        List<Ledger.Head> heads = Ledger.heads(handle);
        for (Ledger.Head head : heads) {
            Chain chain = new Chain(head.lane(), anchors, statements);
            chains.put(head.lane(), chain);
            fault = fault.or(() -> chain.follow(handle))
                    .or(() -> chain.faultOfHead(head))
                    .or(() -> anchors.unmet(head.lane(), chain.held));
        }
        fault = fault.or(() -> faultOfLanes(handle))
                .or(() -> anchors.lost(chains.keySet()))
                .or(() -> faultOfSteps(handle))
                .or(() -> faultOfStates(handle))
                .or(() -> statements.faultOfIndex(handle))
                .or(() -> statements.faultOf(signed, checkpoints.ownKey()))
                // One may have been made between the reading of the files and the moment that the ledger is looked at.
                .filter(each -> !each.equals(Statements.MISSING)
                        || statements
                                .faultOf(checkpoints.read(), checkpoints.ownKey())
                                .isPresent());
        long held = chains.values().stream().mapToLong(each -> each.held).sum();
        return new Finding(
                held, anchors.upTo(chains), anchors.places(chains), statements.elsewhere(checkpoints.ownKey()), fault);
    }

    /** Records in a lane that there is not. */
    private static Optional<String> faultOfLanes(Handle handle) {
        return handle.createQuery(
                        "SELECT DISTINCT r.lane FROM audit_record r WHERE NOT EXISTS"
                                + " (SELECT 1 FROM audit_lane l WHERE l.lane = r.lane AND (l.lane = 0 OR l.head_seq > 0)) LIMIT 1")
                .mapTo(Long.class)
                .findOne()
                .map(lane -> "there are records of lane " + lane + ", which has no head");
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

    /** What signed checkpoints outside the store say, by lane. */
    private static final class Anchors {
        private final Map<Long, Map<Long, String>> hashes = new TreeMap<>();

        void add(Ledger.Head head) {
            hashes.computeIfAbsent(head.lane(), lane -> new HashMap<>()).put(head.seq(), head.hash());
        }

        @Nullable
        String at(long lane, long seq) {
            return hashes.getOrDefault(lane, Map.of()).get(seq);
        }

        /** The newest place of the lane that is vouched for; 0 for none. */
        private long newest(long lane) {
            return hashes.getOrDefault(lane, Map.of()).keySet().stream()
                    .max(Long::compare)
                    .orElse(0L);
        }

        Optional<String> unmet(long lane, long held) {
            return newest(lane) > held
                    ? Optional.of("a signed checkpoint names record " + lane + ":" + newest(lane)
                            + ", which is not there: the end of the ledger was cut off")
                    : Optional.empty();
        }

        /** A lane that is vouched for and not there at all. */
        Optional<String> lost(Set<Long> lanes) {
            return hashes.keySet().stream()
                    .filter(lane -> newest(lane) > 0 && !lanes.contains(lane))
                    .findFirst()
                    .map(lane -> "signed checkpoints name lane " + lane + ", which is not there: it was removed");
        }

        long upTo(Map<Long, Chain> chains) {
            return chains.values().stream()
                    .mapToLong(chain -> Math.min(newest(chain.lane), chain.held))
                    .sum();
        }

        List<String> places(Map<Long, Chain> chains) {
            return chains.values().stream()
                    .filter(chain -> newest(chain.lane) > 0)
                    .map(chain -> chain.lane + ":" + Math.min(newest(chain.lane), chain.held))
                    .toList();
        }
    }

    /** What records say that must be found elsewhere too. */
    private static final class Statements {
        private static final String MISSING = "a checkpoint that the ledger tells of is missing outside the store";

        private final Map<String, String> checkpoints = new LinkedHashMap<>();
        private long recipients;

        Optional<String> faultOfIndex(Handle handle) {
            long indexed = handle.createQuery("SELECT count(*) FROM audit_recipient")
                    .mapTo(Long.class)
                    .one();
            return indexed == recipients
                    ? Optional.empty()
                    : Optional.of("the search index holds " + indexed + " recipients, the records " + recipients
                            + ": searches by recipient can't be trusted");
        }

        /** Every checkpoint that the ledger tells of must lie outside the store too; those of another key where that is kept. */
        Optional<String> faultOf(List<Checkpoints.Checkpoint> signed, Optional<String> ownKey) {
            Set<String> outside = signed.stream()
                    .map(each -> Hashing.ofHeader(each.signed()))
                    .collect(java.util.stream.Collectors.toSet());
            return checkpoints.entrySet().stream()
                    .filter(each -> isOwn(each.getValue(), ownKey) && !outside.contains(each.getKey()))
                    .findFirst()
                    .map(each -> MISSING);
        }

        long elsewhere(Optional<String> ownKey) {
            return checkpoints.values().stream()
                    .filter(key -> !isOwn(key, ownKey))
                    .count();
        }

        private static boolean isOwn(String key, Optional<String> ownKey) {
            return ownKey.isEmpty() || ownKey.get().equals(key);
        }
    }

    /** Follows a lane from its first record. */
    private static final class Chain {
        private final long lane;
        private final Anchors anchors;
        private final Statements statements;
        private long held;
        private String last = Hashing.NONE;

        Chain(long lane, Anchors anchors, Statements statements) {
            this.lane = lane;
            this.anchors = anchors;
            this.statements = statements;
        }

        private Optional<String> follow(Handle handle) {
            try (ResultIterator<Row> rows = handle.createQuery(
                            "SELECT seq, at, kind, port, message, step, header, hash, salt, private, mime_message_id, queue_id"
                                    + " FROM audit_record WHERE lane = ? ORDER BY seq")
                    .bind(0, lane)
                    .map((row, context) -> new Row(
                            row.getLong(1),
                            row.getLong(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getLong(6),
                            row.getString(7),
                            row.getString(8),
                            Optional.ofNullable(row.getBytes(9)),
                            row.getString(10),
                            row.getString(11),
                            row.getString(12)))
                    .iterator()) {
                while (rows.hasNext()) {
                    Row row = rows.next();
                    String fault = faultOf(row);
                    if (fault != null) {
                        return Optional.of("record " + lane + ":" + row.seq() + ": " + fault);
                    }
                    held = row.seq();
                    last = row.hash();
                }
                return Optional.empty();
            }
        }

        Optional<String> faultOfHead(Ledger.Head head) {
            boolean same = head.seq() == held && head.hash().equals(last);
            return same
                    ? Optional.empty()
                    : Optional.of("the ledger ends with record " + lane + ":" + held + ", but its head says "
                            + head.place() + ": records at the end were removed or added");
        }

        private @Nullable String faultOf(Row row) {
            if (row.seq() != held + 1) {
                return "follows record " + lane + ":" + held + ", so records between them are missing";
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
                    || !String.valueOf(row.seq()).equals(String.valueOf(header.get("seq")))
                    || !String.valueOf(lane).equals(String.valueOf(header.get("lane")))) {
                return "does not continue the record before it";
            }
            if (row.secret() == null || row.salt().isEmpty()) {
                return "its private part is gone, and no ERASED record says so";
            }
            if (!Hashing.ofPrivate(row.salt().get(), row.secret()).equals(header.get("private"))) {
                return "its private part was changed";
            }
            if (!row.agreesWith(header)) {
                return "its search columns were changed";
            }
            if (header.get("checkpoint") != null) {
                statements.checkpoints.put(String.valueOf(header.get("checkpoint")), String.valueOf(header.get("key")));
            }
            statements.recipients += row.recipients();
            String anchor = anchors.at(lane, row.seq());
            if (anchor != null && !anchor.equals(row.hash())) {
                return "a signed checkpoint names another record at this place: the ledger was written anew";
            }
            return null;
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
            Optional<byte[]> salt,
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
