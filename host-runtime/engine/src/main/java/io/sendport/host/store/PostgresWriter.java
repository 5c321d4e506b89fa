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
 * Writes to PostgreSQL, and reconnects after a connection broke. Every transaction stores its number in this writer's own row. If
 * the connection breaks during a commit, the row shows later whether that transaction was committed. The server's own transaction
 * ids cannot show that, because an id that a crash lost is used again.
 */
final class PostgresWriter implements Writer {

    /** The channel on which processes notify each other of new work. */
    static final String CHANNEL = "sendport_work";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);
    private static final long ANNOUNCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long ASK_AGAIN_MILLIS = 200;

    private static final String NOW = "(" + DatabaseClock.MICROS + " / 1000)";

    private final Supplier<Handle> opener;
    private final Predicate<Throwable> isAway;
    private final DatabaseClock clock;
    private final Duration limit;
    private final ConfirmedCommits confirmed;
    private final String id = UUID.randomUUID().toString();
    private volatile boolean given;
    private @Nullable Handle handle;
    private boolean known;
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
     * @param limit how long a commit may take; after that the writer stops waiting
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
            endOthers(open);
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
        if (!known) {
            // Uses its own transaction, so that the row exists and can be locked.
            open.execute(
                    "INSERT INTO writer (id, number, at) VALUES (?, 0, " + NOW + ") ON CONFLICT (id) DO NOTHING", id);
            commitNow(open);
            known = true;
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
        // Reads the row itself: a separate query would see the state before the statement waited for the row's lock.
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

    /** Ends our sessions with a lost connection, which would hold their locks until the server notices, possibly for hours. */
    private void endOthers(Handle open) {
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

    /** Notifies only now and then, because commits that notify are serialized, and every listener handles each notification. */
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
                // A commit that stopped waiting for its standby is done, with a warning.
                LOG.warn("The database committed with a warning: {}", warning.getMessage());
                requireThere(began, warning);
            }
        } catch (SQLException e) {
            if (!isAway.test(e)) {
                rollback(e);
                throw new TransactionException("the database refused the commit", e);
            }
            requireThere(began, e);
        }
        numbers = numbers.done();
        confirmed.confirmed(id, numbers.committed());
        lossAtConnect = Optional.empty();
        hasPendingNotify &= !notifying;
    }

    /**
     * Asks, until the time limit of the commit is over, whether it is stored and as durable as the server is configured.
     *
     * @throws TransactionException when it was not committed
     * @throws StoreException when the result stays unknown
     */
    private void requireThere(long began, SQLException broken) {
        drop();
        Fate fate = new Fate(Optional.empty(), "");
        boolean hasLogged = false;
        do {
            fate = ask(fate.waits());
            if (fate.there().isPresent()) {
                LOG.info(
                        "The database is available again; the interrupted transaction was {}.",
                        fate.there().get() ? "committed" : "not committed");
                if (!fate.there().get()) {
                    throw new TransactionException("the connection broke before the commit", broken);
                }
                return;
            }
            if (!hasLogged) {
                LOG.warn(
                        "Lost the connection during a commit; asking the database if it is stored. Nothing needs to be done.");
                hasLogged = true;
            }
            pause();
        } while (!given && System.nanoTime() - began < limit.toNanos());
        numbers = numbers.unanswered();
        throw new StoreException(
                "the database did not confirm a commit within " + limit
                        + (fate.waits().isEmpty() ? "" : ", because it waits for " + fate.waits())
                        + "; the change may or may not be stored. Make the database answer. If this was your submission or"
                        + " command, then look at `sendport messages list`, and repeat only what is not there",
                broken,
                StoreException.Reason.UNDECIDED);
    }

    /**
     * What the server says about a commit.
     *
     * @param there whether it was committed; empty while unknown
     * @param waits what it waits for; may be empty
     */
    private record Fate(Optional<Boolean> there, String waits) {}

    private Fate ask(String before) {
        String waits = before;
        try (Handle asking = opener.get()) {
            waits = waitsFor(asking).orElse(before);
            endOthers(asking);
            return new Fate(isThere(asking), waits);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("no answer yet", e);
            return new Fate(Optional.empty(), waits);
        }
    }

    /** What the commit waits for, as far as the server says. */
    private Optional<String> waitsFor(Handle asking) {
        return asking.createQuery(
                        "SELECT 1 FROM pg_stat_activity WHERE application_name = ? AND wait_event = 'SyncRep'")
                .bind(0, name())
                .mapTo(Integer.class)
                .findFirst()
                .map(found -> "its synchronous standby");
    }

    /**
     * Whether the interrupted transaction was committed. Waits for its end if the server has not noticed the broken connection, and
     * waits for the standby with another commit. Empty when that commit stopped waiting.
     */
    private Optional<Boolean> isThere(Handle asking) throws SQLException {
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
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            given = true;
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
            // Also a standby, which keeps its sessions when it is promoted: what it lacked before says nothing.
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
        given = true;
    }

    @Override
    public void close() {
        Handle open = handle;
        if (open != null && known && !given) {
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
