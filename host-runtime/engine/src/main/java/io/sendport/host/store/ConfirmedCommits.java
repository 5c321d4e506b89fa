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
 * What a PostgreSQL server confirmed to the writers of this process, and which server that was. A new connection compares all of it:
 * a failover can lose the last commit of one writer and keep that of another, which may be the only one that writes afterwards. Safe
 * for use by several threads.
 */
final class ConfirmedCommits {

    private static final Logger LOG = LoggerFactory.getLogger(ConfirmedCommits.class);

    /** A row in which nobody wrote for longer may have been deleted by upkeep, which keeps it for a day. */
    private static final Duration KEPT = Duration.ofHours(12);

    /** The timeline is the start of the name of a file of the write-ahead log. A standby has no such name to give. */
    private static final String SERVER = "SELECT system_identifier, CASE WHEN pg_is_in_recovery() THEN NULL"
            + " ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END FROM pg_control_system()";

    private final DatabaseClock clock;
    private final Map<String, Commit> last = new ConcurrentHashMap<>();
    private volatile @Nullable ServerIdentity server;

    private record Commit(long number, Instant at) {}

    /**
     * Starts without any.
     *
     * @param clock the database's time: that of this machine may stand still, while it is suspended
     */
    ConfirmedCommits(DatabaseClock clock) {
        this.clock = clock;
    }

    /** The server confirmed that transaction of a writer. */
    void confirmed(String writer, long number) {
        last.put(writer, new Commit(number, clock.instant()));
    }

    /** The writer deletes its row. */
    void forget(String writer) {
        last.remove(writer);
    }

    /** Whether upkeep may have deleted the row of that writer. Ask after the database told its time. */
    boolean mayBeSwept(String writer) {
        Commit commit = last.get(writer);
        return commit == null || mayBeSwept(commit);
    }

    private boolean mayBeSwept(Commit commit) {
        return Duration.between(commit.at(), clock.instant()).compareTo(KEPT) > 0;
    }

    /** The server of the newest connection; empty before the first, or if the server does not tell. */
    Optional<ServerIdentity> server() {
        return Optional.ofNullable(server);
    }

    /** What the server of a new connection, outside a transaction, lacks of what was confirmed; empty when nothing. */
    Optional<String> lackedBy(Handle open) {
        Optional<String> older = olderThanBefore(open);
        // Read before the rows are: numbers only grow.
        Map<String, Commit> expected = Map.copyOf(last);
        if (expected.isEmpty()) {
            return older;
        }
        clock.update(open.createQuery("SELECT " + DatabaseClock.MICROS)
                .mapTo(Long.class)
                .one());
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

    /** The loss of a transaction that was confirmed; {@code found} is the newest that is present, or -1. */
    static String missing(long number, long found) {
        return "transaction " + number
                + " of a connection of this process was committed but is missing now; the last one" + " present is "
                + found;
    }

    private Optional<String> olderThanBefore(Handle open) {
        ServerIdentity before = server;
        Optional<ServerIdentity> now = read(open);
        now.ifPresent(identity -> server = identity);
        if (before == null || now.isEmpty() || now.get().equals(before)) {
            return Optional.empty();
        }
        LOG.warn(
                "The message box is on another server or a promoted standby: {}, before that {}. What it holds is compared with"
                        + " the commits of this process.",
                now.get(),
                before);
        return now.get().isBefore(before) ? Optional.of(now.get().outOfDate(before)) : Optional.empty();
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
            LOG.debug("the server does not tell its system identifier and timeline", e);
            return Optional.empty();
        }
    }
}
