package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.StoreState;
import io.sendport.host.store.commit.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to PostgreSQL, and reconnects after a connection broke. Every transaction stores its number in the row of this writer. If the
 * connection breaks during a commit, that row shows later whether the transaction was committed. The transaction ids of the server
 * cannot show that, because the server assigns an id again after a crash.
 */
final class PostgresWriter implements Writer {

    /** The channel on which processes notify each other of new work. */
    static final String CHANNEL = "sendport_work";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);
    private static final long ANNOUNCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long RETRY_MILLIS = 200;

    private static final String NOW = "(" + DatabaseClock.MICROS + " / 1000)";

    private final Supplier<Handle> opener;
    private final Predicate<Throwable> isAway;
    private final DatabaseClock clock;
    private final Duration limit;
    private final ConfirmedCommits confirmed;
    private final String id = UUID.randomUUID().toString();
    private volatile boolean abandoned;
    private @Nullable Handle handle;
    private boolean hasRow;
    private long announced = System.nanoTime() - ANNOUNCE_NANOS;
    private boolean hasPendingNotify;
    private boolean notifying;
    private StoreState state = StoreState.UNREAD;
    private Optional<String> lossSeen = Optional.empty();
    private Optional<String> lossAtConnect = Optional.empty();
    private WriterNumbers numbers = WriterNumbers.NONE;

    /**
     * Writes over the connections of {@code opener}.
     *
     * @param isAway whether a failure means that the connection is lost
     * @param clock receives the database's time
     * @param limit how long to wait for a commit
     * @param confirmed what the server confirmed to all writers of this process
     */
    PostgresWriter(
            Supplier<Handle> opener,
            Predicate<Throwable> isAway,
            DatabaseClock clock,
            Duration limit,
            ConfirmedCommits confirmed) {
        this.opener = opener;
        this.isAway = isAway;
        this.clock = clock;
        this.limit = limit;
        this.confirmed = confirmed;
    }

    @Override
    public Handle begin() {
        notifying = false;
        Handle open = handle;
        if (open == null) {
            open = opener.get();
            handle = open;
            terminateStaleSessions(open);
            lossAtConnect = confirmed.findMissing(open);
            try {
                // Commits must be durable before they are acknowledged, whatever the server's default is.
                open.execute("SELECT set_config('synchronous_commit', 'on', false)"
                        + " WHERE current_setting('synchronous_commit') = 'off'");
                open.getConnection().setAutoCommit(false);
            } catch (SQLException e) {
                throw new TransactionException("cannot begin a transaction", e);
            }
        }
        if (!hasRow) {
            // Uses its own transaction, so that the row exists and can be locked.
            open.execute(
                    "INSERT INTO writer (id, number, at) VALUES (?, 0, " + NOW + ") ON CONFLICT (id) DO NOTHING", id);
            commitNow(open);
            hasRow = true;
            confirmed.confirmed(id, 0);
        }
        numbers = numbers.begun();
        long before = numbered(open, System.nanoTime());
        boolean swept = before < 0 && confirmed.mayBeSwept(id);
        lossSeen = numbers.expects(before) || swept
                ? lossAtConnect
                : Optional.of(ConfirmedCommits.missing(numbers.committed(), before));
        numbers = numbers.seen(before);
        return open;
    }

    /** Gives the transaction its number. Returns the row's previous number, or -1 when the row was deleted or lost. */
    private long numbered(Handle open, long asked) {
        // Return the previous number from this statement: another query could see the row as it was before the lock.
        return open.createQuery("INSERT INTO writer AS own (id, number, at) VALUES (?, ?, " + NOW + ")"
                        + " ON CONFLICT (id) DO UPDATE SET previous = own.number, number = excluded.number,"
                        + " at = excluded.at RETURNING " + DatabaseClock.MICROS + ", previous,"
                        + " (SELECT schema_version FROM store_state), (SELECT min_program FROM store_state),"
                        + " (SELECT lost FROM store_state)")
                .bind(0, id)
                .bind(1, numbers.latest())
                .map((row, context) -> {
                    clock.update(row.getLong(1), asked);
                    state = StoreState.read(row, 3);
                    return row.getLong(2);
                })
                .one();
    }

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public Optional<String> lossSeen() {
        return lossSeen;
    }

    @Override
    public Optional<String> heldBack() {
        // The server manages its own log.
        return Optional.empty();
    }

    /** Ends sessions of this writer whose connection broke. Otherwise they hold their locks until the server notices, perhaps for hours. */
    private void terminateStaleSessions(Handle open) {
        String name = name();
        open.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?"
                        + " AND pid <> pg_backend_pid()",
                name);
        open.execute("SELECT set_config('application_name', ?, false)", name);
    }

    private String name() {
        return "sendport-" + id;
    }

    private static void commitNow(Handle open) {
        try {
            open.getConnection().commit();
        } catch (SQLException e) {
            throw new TransactionException("cannot begin a transaction", e);
        }
    }

    /** Limits the rate of notifications: commits that notify are serialized, and every listener handles each notification. */
    @Override
    public void announceWork() {
        long now = System.nanoTime();
        hasPendingNotify = true;
        notifying = now - announced >= ANNOUNCE_NANOS;
        if (notifying) {
            announced = now;
            open().execute("SELECT pg_notify(?, '')", CHANNEL);
        }
    }

    @Override
    public boolean hasPendingNotify() {
        return hasPendingNotify;
    }

    @Override
    public void commit() {
        long began = System.nanoTime();
        try {
            Connection connection = open().getConnection();
            connection.clearWarnings();
            int defaultTimeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
            connection.commit();
            connection.setNetworkTimeout(Runnable::run, defaultTimeout);
            SQLWarning warning = connection.getWarnings();
            if (warning != null) {
                // The server committed, but stopped waiting for its standby.
                LOG.warn("The database committed with a warning: {}", warning.getMessage());
                requireCommitted(began, warning);
            }
        } catch (SQLException e) {
            if (!isAway.test(e)) {
                rollback(e);
                throw new TransactionException("the database refused the commit", e);
            }
            requireCommitted(began, e);
        }
        numbers = numbers.done();
        confirmed.confirmed(id, numbers.committed());
        lossAtConnect = Optional.empty();
        hasPendingNotify &= !notifying;
    }

    /**
     * Asks the server, until the time limit of the commit is over, whether the commit is stored as durably as the server is configured.
     *
     * @throws TransactionException when it was not committed
     * @throws StoreException with {@link StoreException.Reason#UNDECIDED} when the result stays unknown
     */
    private void requireCommitted(long began, SQLException broken) {
        drop();
        CommitStatus status = new CommitStatus(Optional.empty(), "");
        boolean hasLogged = false;
        do {
            status = ask(status.waitsFor());
            if (status.committed().isPresent()) {
                LOG.info(
                        "The database is available again; the interrupted transaction was {}.",
                        status.committed().get() ? "committed" : "not committed");
                if (!status.committed().get()) {
                    throw new TransactionException("the connection broke before the commit", broken);
                }
                return;
            }
            if (!hasLogged) {
                LOG.warn(
                        "Lost the connection during a commit. Sendport asks the database whether the commit is stored. You need not do"
                                + " anything");
                hasLogged = true;
            }
            pause();
        } while (!abandoned && System.nanoTime() - began < limit.toNanos());
        numbers = numbers.unanswered();
        throw new StoreException(
                "the database did not confirm a commit within " + limit
                        + (status.waitsFor().isEmpty() ? "" : ", because it waits for " + status.waitsFor())
                        + "; the change may or may not be stored. Check that the database and its standby can be reached. If this was"
                        + " your submission or command, run `sendport messages list`, and repeat only what is missing",
                broken,
                StoreException.Reason.UNDECIDED);
    }

    /**
     * The status of a commit on the server.
     *
     * @param committed whether it was committed; empty while unknown
     * @param waitsFor what the commit waits for; empty if unknown
     */
    private record CommitStatus(Optional<Boolean> committed, String waitsFor) {}

    private CommitStatus ask(String before) {
        String waits = before;
        try (Handle asking = opener.get()) {
            waits = waitsFor(asking).orElse(before);
            terminateStaleSessions(asking);
            return new CommitStatus(isCommitted(asking), waits);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("no answer yet", e);
            return new CommitStatus(Optional.empty(), waits);
        }
    }

    /** What the commit waits for; empty if the server does not show it. */
    private Optional<String> waitsFor(Handle asking) {
        return asking.createQuery(
                        "SELECT 1 FROM pg_stat_activity WHERE application_name = ? AND wait_event = 'SyncRep'")
                .bind(0, name())
                .mapTo(Integer.class)
                .findFirst()
                .map(found -> "its synchronous standby");
    }

    /**
     * Whether the interrupted transaction was committed. This statement waits for the end of that transaction, if the server has not
     * noticed the broken connection. Its own commit waits for the standby. Empty when that commit stopped waiting for the standby.
     */
    private Optional<Boolean> isCommitted(Handle asking) throws SQLException {
        Connection connection = asking.getConnection();
        connection.setAutoCommit(false);
        long found = asking.createQuery("INSERT INTO writer (id, number, at) VALUES (?, -1, " + NOW + ")"
                        + " ON CONFLICT (id) DO UPDATE SET at = excluded.at RETURNING number")
                .bind(0, id)
                .mapTo(Long.class)
                .one();
        connection.commit();
        // Restore the state, or closing the connection would be logged as an error.
        SQLWarning warning = connection.getWarnings();
        connection.setAutoCommit(true);
        return warning == null ? Optional.of(found == numbers.latest()) : Optional.empty();
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandoned = true;
        }
    }

    @Override
    public boolean syncsApart() {
        return false;
    }

    @Override
    public void sync() {
        // A commit on the server is on its disk already.
    }

    @Override
    public void maintain() {
        // The server does this itself.
    }

    @Override
    public void rollback(Throwable why) {
        Handle open = handle;
        if (open == null) {
            return;
        }
        if (isAway.test(why)) {
            // Drop also a session on a read-only standby. If the standby is promoted, the session stays open, but the
            // commits that it lacked before the promotion prove no loss.
            drop();
            return;
        }
        try {
            open.getConnection().rollback();
        } catch (SQLException e) {
            LOG.debug("rollback", e);
            drop();
        }
    }

    private Handle open() {
        Handle open = handle;
        if (open == null) {
            throw new IllegalStateException("no transaction has begun");
        }
        return open;
    }

    private void drop() {
        Handle open = handle;
        handle = null;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                LOG.debug("cannot close the broken connection", e);
            }
        }
    }

    @Override
    public void giveUp() {
        abandoned = true;
    }

    @Override
    public void close() {
        Handle open = handle;
        if (open != null && hasRow && !abandoned) {
            confirmed.forget(id);
            try {
                open.execute("DELETE FROM writer WHERE id = ?", id);
                commitNow(open);
            } catch (RuntimeException e) {
                LOG.debug("cannot delete the row of this writer; it is deleted later", e);
            }
        }
        drop();
    }
}
