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
 * Writes to PostgreSQL, over a new connection where the last one broke. Every transaction leaves its number in a row that is this
 * writer's own: when the connection breaks amid a commit the row tells, once the server is back, whether that transaction is there. The
 * server's own transaction ids can't tell, since one that a crash lost is given out again.
 */
final class PostgresWriter implements Writer {

    /** On which processes tell each other of new work. */
    static final String CHANNEL = "sendport_work";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);
    private static final long ANNOUNCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long ASK_AGAIN_MILLIS = 200;
    /** A row younger than this is never swept. */
    private static final long SWEPT_NANOS = TimeUnit.HOURS.toNanos(12);

    private static final String NOW = "(" + DatabaseClock.MICROS + " / 1000)";

    private final Supplier<Handle> opener;
    private final Predicate<Throwable> isAway;
    private final DatabaseClock clock;
    private final Duration limit;
    private final String id = UUID.randomUUID().toString();
    private volatile boolean given;
    private @Nullable Handle handle;
    private boolean known;
    private long announced = System.nanoTime() - ANNOUNCE_NANOS;
    private boolean hasPendingNotify;
    private boolean telling;
    private StoreState state = StoreState.UNREAD;
    private Optional<String> lossSeen = Optional.empty();
    private Numbers numbers = new Numbers(0, 0, 0);
    private long committedAt = System.nanoTime();

    /**
     * Of transactions.
     *
     * @param latest the one that was begun last
     * @param committed the last one known to be there
     * @param undecided one behind it of which nobody said whether it is; that of {@code committed} where there is none
     */
    private record Numbers(long latest, long committed, long undecided) {

        Numbers begun() {
            return new Numbers(latest + 1, committed, undecided);
        }

        /** What was there before the one that has begun is settled. */
        Numbers seen(long before) {
            return new Numbers(latest, before, before);
        }

        Numbers done() {
            return new Numbers(latest, latest, latest);
        }

        Numbers unanswered() {
            return new Numbers(latest, committed, latest);
        }

        boolean expects(long found) {
            return found == committed || found == undecided;
        }
    }

    /**
     * Writes over what {@code opener} gives.
     *
     * @param isAway whether a failure means that the connection is gone
     * @param clock is told the database's time
     * @param limit how long a commit may take; after that nobody waits for it any longer
     */
    PostgresWriter(Supplier<Handle> opener, Predicate<Throwable> isAway, DatabaseClock clock, Duration limit) {
        this.opener = opener;
        this.isAway = isAway;
        this.clock = clock;
        this.limit = limit;
    }

    @Override
    public Handle begin() {
        telling = false;
        Handle open = handle;
        if (open == null) {
            open = opener.get();
            handle = open;
            endOthers(open);
            try {
                // Durable before it is acknowledged, whatever the server's default is.
                open.execute("SELECT set_config('synchronous_commit', 'on', false)"
                        + " WHERE current_setting('synchronous_commit') = 'off'");
                open.getConnection().setAutoCommit(false);
            } catch (SQLException e) {
                throw new TransactionException("can't begin a transaction", e);
            }
        }
        if (!known) {
            // In a transaction of its own, so that the row is there to be locked.
            open.execute(
                    "INSERT INTO writer (id, number, at) VALUES (?, 0, " + NOW + ") ON CONFLICT (id) DO NOTHING", id);
            commitNow(open);
            known = true;
            committedAt = System.nanoTime();
        }
        numbers = numbers.begun();
        long before = numbered(open);
        boolean swept = before < 0 && System.nanoTime() - committedAt > SWEPT_NANOS;
        lossSeen = numbers.expects(before) || swept
                ? Optional.empty()
                : Optional.of("transaction " + numbers.committed() + " of a connection of this process"
                        + " was committed and is not there any more; the last one there is " + before);
        numbers = numbers.seen(before);
        return open;
    }

    /** Gives the transaction its number; the number that the row had before, or -1 when it was swept or lost. */
    private long numbered(Handle open) {
        // Of the row itself: a query beside it would see what was there before the statement waited for the row's lock.
        return open.createQuery("INSERT INTO writer AS own (id, number, at) VALUES (?, ?, " + NOW + ")"
                        + " ON CONFLICT (id) DO UPDATE SET previous = own.number, number = excluded.number,"
                        + " at = excluded.at RETURNING " + DatabaseClock.MICROS + ", previous,"
                        + " (SELECT schema_version FROM store_state), (SELECT min_program FROM store_state),"
                        + " (SELECT lost FROM store_state)")
                .bind(0, id)
                .bind(1, numbers.latest())
                .map((row, context) -> {
                    clock.told(row.getLong(1));
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
        // The server looks after its own log.
        return Optional.empty();
    }

    /** A session of ours that lost its way to us would hold its locks until the server notices by itself, which may take hours. */
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
            throw new TransactionException("can't begin", e);
        }
    }

    /** Now and then, since commits that notify wait for each other, and all who listen look at each word. */
    @Override
    public void announceWork() {
        long now = System.nanoTime();
        hasPendingNotify = true;
        telling = now - announced >= ANNOUNCE_NANOS;
        if (telling) {
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
                // A commit that stopped waiting for its standby warns, and says that it is done.
                LOG.warn("The message box committed with a warning: {}", warning.getMessage());
                requireThere(began, warning);
            }
        } catch (SQLException e) {
            if (!isAway.test(e)) {
                rollback(e);
                throw new TransactionException("the commit was refused", e);
            }
            requireThere(began, e);
        }
        numbers = numbers.done();
        committedAt = System.nanoTime();
        hasPendingNotify &= !telling;
    }

    /**
     * Asks, until the time for the commit is over, whether it is there and as safe as the server was told to make it.
     *
     * @throws TransactionException when it is not there
     * @throws StoreException when nobody says
     */
    private void requireThere(long began, SQLException broken) {
        drop();
        Fate fate = new Fate(Optional.empty(), "");
        boolean told = false;
        do {
            fate = ask(fate.waits());
            if (fate.there().isPresent()) {
                LOG.info(
                        "The message box is back; the transaction that was under way is {}.",
                        fate.there().get() ? "there" : "not there");
                if (!fate.there().get()) {
                    throw new TransactionException("the connection broke before the commit was done", broken);
                }
                return;
            }
            if (!told) {
                LOG.warn("The message box went away during a commit; asking for its fate.");
                told = true;
            }
            pause();
        } while (!given && System.nanoTime() - began < limit.toNanos());
        numbers = numbers.unanswered();
        throw new StoreException(
                "the message box did not answer a commit within " + limit
                        + (fate.waits().isEmpty() ? "" : " (it waits for " + fate.waits() + ")")
                        + "; whether it is stored is not known yet",
                broken,
                StoreException.Reason.UNDECIDED);
    }

    /**
     * What the server says of a commit.
     *
     * @param there whether it is there; empty while nobody says
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
     * Whether the transaction that was under way is there. Waits for it, should the server not have noticed that its connection broke;
     * and, by a commit of its own, for the standby. Empty when that commit stopped waiting.
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
        // As it was, or closing it would be taken for a mistake.
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
        // What the server has committed is on its disk.
    }

    @Override
    public void tend() {
        // The server does that for itself.
    }

    @Override
    public void rollback(Throwable why) {
        Handle open = handle;
        if (open == null) {
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
            throw new IllegalStateException("nothing has begun");
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
                LOG.debug("the broken connection did not close", e);
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
            try {
                open.execute("DELETE FROM writer WHERE id = ?", id);
                commitNow(open);
            } catch (RuntimeException e) {
                LOG.debug("the row of this writer stays until it is swept", e);
            }
        }
        drop();
    }
}
