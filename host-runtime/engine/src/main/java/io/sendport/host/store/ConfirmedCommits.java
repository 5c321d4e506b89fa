package io.sendport.host.store;

import io.sendport.host.store.commit.ServerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last commit that a PostgreSQL server confirmed to each writer of this process, and the identity of that server. Every new
 * connection checks the commits of all writers. A failover can lose the last commit of one writer and keep that of another, and
 * perhaps only the other one writes afterwards. Safe for use by several threads.
 */
final class ConfirmedCommits {

    private static final Logger LOG = LoggerFactory.getLogger(ConfirmedCommits.class);

    /** Upkeep deletes the row of a writer that has not written for a day. Half a day leaves a margin. */
    private static final Duration KEPT = Duration.ofHours(12);

    /** The name of a file of the write-ahead log starts with the timeline. {@code pg_walfile_name} fails on a standby. */
    private static final String SERVER = "SELECT system_identifier, CASE WHEN pg_is_in_recovery() THEN NULL"
            + " ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END FROM pg_control_system()";

    private final DatabaseClock clock;
    private final Map<String, Commit> last = new ConcurrentHashMap<>();
    private volatile @Nullable ServerIdentity server;
    /** Describes that the server is on an earlier timeline. Null again after a commit there, because that transaction reports the loss. */
    private volatile @Nullable String unreported;

    private record Commit(long number, Instant at) {}

    /**
     * Starts with no confirmed commits.
     *
     * @param clock the database's clock; the elapsed time of this machine does not count while the machine is suspended
     */
    ConfirmedCommits(DatabaseClock clock) {
        this.clock = clock;
    }

    /** Stores that the server confirmed transaction {@code number} of a writer. */
    void confirmed(String writer, long number) {
        last.put(writer, new Commit(number, clock.instant()));
        if (number > 0) {
            unreported = null;
        }
    }

    /** Called before a writer deletes its row. */
    void forget(String writer) {
        last.remove(writer);
    }

    /** Whether upkeep may have deleted the row of {@code writer}. Call this after the database's time was updated. */
    boolean mayBeSwept(String writer) {
        Commit commit = last.get(writer);
        return commit == null || mayBeSwept(commit);
    }

    private boolean mayBeSwept(Commit commit) {
        return Duration.between(commit.at(), clock.instant()).compareTo(KEPT) > 0;
    }

    /** The server of the newest connection; empty before the first, or if it cannot be read. */
    Optional<ServerIdentity> server() {
        return Optional.ofNullable(server);
    }

    /**
     * Describes a confirmed commit that is missing on the server of this new connection; empty if none is. Call this outside a
     * transaction.
     */
    Optional<String> findMissing(Handle open) {
        Optional<String> older = olderThanBefore(open);
        // Take the expected numbers before the rows are read: the numbers in the rows only grow.
        Map<String, Commit> expected = Map.copyOf(last);
        if (expected.isEmpty()) {
            return older;
        }
        clock.read(open);
        Map<String, Long> found = open.createQuery("SELECT id, number FROM writer WHERE id IN (<ids>)")
                .bindList("ids", List.copyOf(expected.keySet()))
                .reduceRows(new HashMap<>(), (all, row) -> {
                    all.put(row.getColumn("id", String.class), row.getColumn("number", Long.class));
                    return all;
                });
        return older.or(() -> expected.entrySet().stream()
                .filter(each ->
                        found.getOrDefault(each.getKey(), -1L) < each.getValue().number())
                .filter(each -> found.containsKey(each.getKey()) || !mayBeSwept(each.getValue()))
                .map(each -> missing(each.getValue().number(), found.getOrDefault(each.getKey(), -1L)))
                .findFirst());
    }

    /** Describes that transaction {@code number} is missing. {@code found} is the newest one that exists, or -1. */
    static String missing(long number, long found) {
        return "transaction " + number + " of a connection of this process was committed but is missing now;"
                + " the last one present is " + found;
    }

    private Optional<String> olderThanBefore(Handle open) {
        ServerIdentity before = server;
        Optional<ServerIdentity> now = read(open);
        now.ifPresent(identity -> server = identity);
        if (before == null || now.isEmpty() || now.get().equals(before)) {
            return Optional.ofNullable(unreported);
        }
        LOG.warn(
                "The message box is now on {}, and was on {} before. Sendport checks that no commit is missing that was"
                        + " confirmed to this process. If one is missing, Sendport stops sending until an operator accepts the loss",
                now.get(),
                before);
        if (now.get().isEarlierTimelineOf(before)) {
            unreported = now.get().describeLoss(before);
        }
        return Optional.ofNullable(unreported);
    }

    private static Optional<ServerIdentity> read(Handle open) {
        try {
            return open.createQuery(SERVER)
                    .map((row, context) -> {
                        @Nullable String timeline = row.getString(2);
                        return timeline == null
                                ? Optional.<ServerIdentity>empty()
                                : Optional.of(new ServerIdentity(row.getLong(1), Long.parseLong(timeline, 16)));
                    })
                    .one();
        } catch (JdbiException e) {
            LOG.debug("cannot read the system identifier and the timeline of the server", e);
            return Optional.empty();
        }
    }
}
