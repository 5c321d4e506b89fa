package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The chain to which a process appends. All processes share one lane, and a lock on its row admits one writer at a time. If processes
 * on several machines write concurrently, each connection leases its own lane instead. Every transaction reads the lease again, so
 * that it notices a takeover before it appends.
 */
public final class Lane {

    /** The duration of a lease. Each write renews the lease. */
    private static final Duration LEASE_DURATION = Duration.ofMinutes(10);

    private static final int MAX_TRIES = 20;

    private final String owner;
    private final Map<Integer, Long> laneByWriter = new ConcurrentHashMap<>();

    private final Note note;

    private Lane(String owner, Note note) {
        this.owner = owner;
        this.note = note;
    }

    /** Receives the head of a lane after each commit, before any caller learns the result. */
    public interface Note {
        /** Receives the head of the lane that the connection with number {@code writer} extends. */
        void of(int writer, Ledger.Head head);
    }

    /** Reports a commit to the note. */
    void committed(int writer, Ledger.Head head) {
        note.of(writer, head);
    }

    /** Returns the lane that all processes share. */
    public static Lane shared() {
        return new Lane("", (writer, head) -> {});
    }

    /** Returns a separate lane for each writing connection. It is leased at first use, and again after another process took it over. */
    public static Lane of(String owner) {
        return of(owner, (writer, head) -> {});
    }

    /** As {@link #of(String)}; {@code note} is called after each commit. */
    public static Lane of(String owner, Note note) {
        return new Lane(owner, note);
    }

    /** Locks the lane, and returns its head. No other transaction can append to the lane until this transaction ends. */
    Ledger.Head acquire(Transaction transaction, Instant now) {
        return owner.isEmpty() ? acquireShared(transaction.sql()) : acquireLeased(transaction, now);
    }

    private static Ledger.Head acquireShared(Sql sql) {
        return sql.first(
                        row -> new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)),
                        "SELECT lane, head_seq, head_hash FROM audit_lane WHERE role = 'SHARED' <forUpdate>")
                .orElseThrow(() -> new IllegalStateException("the ledger has no shared lane"));
    }

    private Ledger.Head acquireLeased(Transaction transaction, Instant now) {
        String name = owner + "/" + transaction.writer();
        long until = now.plus(LEASE_DURATION).toEpochMilli();
        Ledger.Head head = transaction
                .sql()
                .first(
                        row -> new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)),
                        "UPDATE audit_lane SET until = ? WHERE lane = ? AND owner = ? AND role = 'LEASED'"
                                + " RETURNING lane, head_seq, head_hash",
                        until,
                        laneByWriter.getOrDefault(transaction.writer(), 0L),
                        name)
                .orElseGet(() -> lease(transaction.handle(), name, now, until));
        laneByWriter.put(transaction.writer(), head.lane());
        return head;
    }

    private static Ledger.Head lease(Handle handle, String name, Instant now, long until) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
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
        throw new IllegalStateException("cannot lease a lane of the ledger; tried " + MAX_TRIES + " times");
    }

    /**
     * The range of a lane's records.
     *
     * @param begin the last pruned place; number 0 if none was pruned
     * @param head the place of the newest record
     */
    public record Extent(Ledger.Head begin, Ledger.Head head) {}

    /** Returns the lanes that have or had records, and the shared lane, by number. */
    public static List<Extent> extents(Handle handle) {
        return handle.createQuery("SELECT lane, pruned_seq, pruned_hash, head_seq, head_hash FROM audit_lane"
                        + " WHERE role = 'SHARED' OR head_seq > 0 ORDER BY lane")
                .map((row, context) -> new Extent(
                        new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)),
                        new Ledger.Head(row.getLong(1), row.getLong(4), row.getString(5))))
                .list();
    }

    /** Returns the range of one lane; empty when it never had records. */
    static Optional<Extent> extent(Handle handle, long lane) {
        return extents(handle).stream()
                .filter(each -> each.head().lane() == lane)
                .findFirst();
    }

    /** Returns whether the lane exists and has or had records. */
    static boolean hasHead(Handle handle, long lane) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_lane WHERE lane = ? AND head_seq > 0)")
                .bind(0, lane)
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * The lanes that lost signed records.
     *
     * @param lanes the numbers of these lanes
     * @param above the greatest number that a lane ever had; a new lane gets a greater number
     */
    public record Losing(Set<Long> lanes, long above) {

        /** No lane lost a signed record. */
        public static final Losing NONE = new Losing(Set.of(), 0);

        /** Ends the lanes, and reserves all numbers up to {@link #above}, so that no place is ever signed twice. */
        public void end(Handle handle) {
            if (lanes.isEmpty()) {
                return;
            }
            Lane.end(handle, lanes, above);
            handle.execute(
                    "INSERT INTO audit_lane (lane, head_seq, head_hash, role) SELECT ?, 0, ?, 'ENDED'"
                            + " WHERE (SELECT max(lane) FROM audit_lane) < ?",
                    above,
                    Hashing.NONE,
                    above);
        }
    }

    /**
     * Ends {@code lanes}, so that nothing is appended to them. If the shared lane is among them, a new shared lane replaces it.
     *
     * @param above the number of the new shared lane is greater than this
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

    /** Releases all leased lanes of this owner. */
    void release(Handle handle) {
        if (!owner.isEmpty()) {
            handle.execute(
                    "UPDATE audit_lane SET owner = NULL, until = NULL WHERE substr(owner, 1, ?) = ?",
                    owner.length() + 1,
                    owner + "/");
        }
    }
}
