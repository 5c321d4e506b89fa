package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The chain that a process extends. One lane is everybody's, one writer at a time by the lock on its row; where processes on several
 * machines write side by side, each connection has one of its own for as long as it writes. Which one it has is asked anew in every transaction,
 * so that one that was taken over is noticed before anything is appended to it.
 */
public final class Lane {

    /** How long a lane that is not written to stays its owner's. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final int MOST_TRIES = 20;

    private final String owner;
    private final Map<Integer, Long> numbers = new ConcurrentHashMap<>();

    private final Note note;

    private Lane(String owner, Note note) {
        this.owner = owner;
        this.note = note;
    }

    /** Receives the end of a lane after each commit and before any caller gets its answer. */
    public interface Note {
        /** Takes note, for the connection of that number. */
        void of(int writer, Ledger.Head head);
    }

    void committed(int writer, Ledger.Head head) {
        note.of(writer, head);
    }

    /** The lane that is shared with all others. */
    public static Lane shared() {
        return new Lane("", (writer, head) -> {});
    }

    /** One of its own for each connection that writes, leased when first needed, and anew when it went to somebody else. */
    public static Lane of(String owner) {
        return of(owner, (writer, head) -> {});
    }

    /** As {@link #of(String)}; {@code note} is told of each commit. */
    public static Lane of(String owner, Note note) {
        return new Lane(owner, note);
    }

    /** Its end, which nobody else can move until the transaction ends. */
    Ledger.Head take(Transaction transaction, Instant now) {
        return owner.isEmpty() ? takeShared(transaction.sql()) : takeOwn(transaction, now);
    }

    private static Ledger.Head takeShared(Sql sql) {
        return sql.first(
                        row -> new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)),
                        "SELECT lane, head_seq, head_hash FROM audit_lane WHERE role = 'SHARED' <forUpdate>")
                .orElseThrow(() -> new IllegalStateException("the ledger has no lane that is shared"));
    }

    private Ledger.Head takeOwn(Transaction transaction, Instant now) {
        String name = owner + "/" + transaction.writer();
        long until = now.plus(KEPT).toEpochMilli();
        Ledger.Head head = transaction
                .sql()
                .first(
                        row -> new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)),
                        "UPDATE audit_lane SET until = ? WHERE lane = ? AND owner = ? AND role = 'LEASED'"
                                + " RETURNING lane, head_seq, head_hash",
                        until,
                        numbers.getOrDefault(transaction.writer(), 0L),
                        name)
                .orElseGet(() -> lease(transaction.handle(), name, now, until));
        numbers.put(transaction.writer(), head.lane());
        return head;
    }

    private static Ledger.Head lease(Handle handle, String name, Instant now, long until) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            var free = handle.createQuery("UPDATE audit_lane SET owner = ?, until = ? WHERE lane = (SELECT lane FROM"
                            + " audit_lane WHERE role = 'LEASED' AND (owner IS NULL OR owner = ? OR until < ?) ORDER BY lane LIMIT 1"
                            + " <skipLocked>) RETURNING lane, head_seq, head_hash")
                    .bind(0, name)
                    .bind(1, until)
                    .bind(2, name)
                    .bind(3, now.toEpochMilli())
                    .map((row, context) -> new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)))
                    .findOne();
            if (free.isPresent()) {
                return free.get();
            }
            handle.execute(
                    "INSERT INTO audit_lane (lane, head_seq, head_hash) SELECT max(lane) + 1, 0, ? FROM audit_lane WHERE true"
                            + " ON CONFLICT (lane) DO NOTHING",
                    Hashing.NONE);
        }
        throw new IllegalStateException("no lane of the ledger could be had; tried " + MOST_TRIES + " times");
    }

    /**
     * From where to where a lane has records.
     *
     * @param begin the last place that was pruned; place 0 where none was
     * @param head the newest place
     */
    public record Extent(Ledger.Head begin, Ledger.Head head) {}

    /** All lanes that have or had records, by number. */
    public static List<Extent> extents(Handle handle) {
        return handle.createQuery("SELECT lane, pruned_seq, pruned_hash, head_seq, head_hash FROM audit_lane"
                        + " WHERE role = 'SHARED' OR head_seq > 0 ORDER BY lane")
                .map((row, context) -> new Extent(
                        new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)),
                        new Ledger.Head(row.getLong(1), row.getLong(4), row.getString(5))))
                .list();
    }

    /**
     * Nobody appends to {@code lanes} any more; where the shared lane is among them, another takes its place.
     *
     * @param above lanes up to this number are not used again
     */
    public static void end(Handle handle, Set<Long> lanes, long above) {
        for (long lane : lanes) {
            handle.execute(
                    "UPDATE audit_lane SET role = 'ENDED', owner = NULL, until = NULL WHERE lane = ? AND role <> 'ENDED'",
                    lane);
        }
        handle.execute(
                "INSERT INTO audit_lane (lane, head_seq, head_hash, role) SELECT 1 + CASE WHEN max(lane) > ? THEN max(lane) ELSE ? END,"
                        + " 0, ?, 'SHARED' FROM audit_lane HAVING count(CASE WHEN role = 'SHARED' THEN 1 END) = 0",
                above,
                above,
                Hashing.NONE);
    }

    /** Lets others have it. */
    void giveBack(Handle handle) {
        if (!owner.isEmpty()) {
            handle.execute(
                    "UPDATE audit_lane SET owner = NULL, until = NULL WHERE substr(owner, 1, ?) = ?",
                    owner.length() + 1,
                    owner + "/");
        }
    }
}
