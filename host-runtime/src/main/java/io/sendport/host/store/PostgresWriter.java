package io.sendport.host.store;

import java.sql.SQLException;
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
    private static final Duration TELL_AGAIN = Duration.ofSeconds(30);
    private static final String NOW = "(" + DatabaseClock.MICROS + " / 1000)";

    private final Supplier<Handle> opener;
    private final Predicate<Throwable> isAway;
    private final DatabaseClock clock;
    private final String id = UUID.randomUUID().toString();
    private volatile boolean given;
    private @Nullable Handle handle;
    private boolean known;
    private long announced = System.nanoTime() - ANNOUNCE_NANOS;
    private boolean owesWord;
    private boolean telling;
    private long number;

    /**
     * Writes over what {@code opener} gives.
     *
     * @param isAway whether a failure means that the connection is gone
     * @param clock is told the database's time
     */
    PostgresWriter(Supplier<Handle> opener, Predicate<Throwable> isAway, DatabaseClock clock) {
        this.opener = opener;
        this.isAway = isAway;
        this.clock = clock;
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
        }
        open.createQuery(
                        "UPDATE writer SET number = ?, at = " + NOW + " WHERE id = ? RETURNING " + DatabaseClock.MICROS)
                .bind(0, ++number)
                .bind(1, id)
                .mapTo(Long.class)
                .findOne()
                .ifPresentOrElse(clock::told, this::forgotten);
        return open;
    }

    /** A session of ours that lost its way to us would hold its locks until the server notices by itself, which may take hours. */
    private void endOthers(Handle open) {
        String name = "sendport-" + id;
        open.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?"
                        + " AND pid <> pg_backend_pid()",
                name);
        open.execute("SELECT set_config('application_name', ?, false)", name);
    }

    private static void commitNow(Handle open) {
        try {
            open.getConnection().commit();
        } catch (SQLException e) {
            throw new TransactionException("can't begin", e);
        }
    }

    private void forgotten() {
        known = false;
        throw new TransactionException("the row of this writer is gone; it is made anew");
    }

    /** Now and then, since commits that notify wait for each other, and all who listen look at each word. */
    @Override
    public void announceWork() {
        long now = System.nanoTime();
        owesWord = true;
        telling = now - announced >= ANNOUNCE_NANOS;
        if (telling) {
            announced = now;
            open().execute("SELECT pg_notify(?, '')", CHANNEL);
        }
    }

    @Override
    public boolean owesWord() {
        return owesWord;
    }

    @Override
    public void commit() {
        try {
            open().getConnection().commit();
        } catch (SQLException e) {
            if (!isAway.test(e)) {
                rollback(e);
                throw new TransactionException("the commit was refused", e);
            }
            drop();
            if (!wasCommitted(e)) {
                throw new TransactionException("the connection broke before the commit was done", e);
            }
        }
        owesWord &= !telling;
    }

    /** Asks until there is an answer. */
    private boolean wasCommitted(SQLException broken) {
        long told = System.nanoTime() - TELL_AGAIN.toNanos();
        while (!given) {
            try (Handle asking = opener.get()) {
                endOthers(asking);
                // Waits for the broken connection's transaction, should the server not have noticed yet.
                Optional<Long> last =
                        asking.inTransaction(ask -> ask.createQuery("SELECT number FROM writer WHERE id = ? FOR UPDATE")
                                .bind(0, id)
                                .mapTo(Long.class)
                                .findOne());
                boolean there = last.filter(found -> found == number).isPresent();
                LOG.info("the message box is back; the transaction that was under way is {}", there ? "there" : "not");
                return there;
            } catch (RuntimeException e) {
                if (System.nanoTime() - told >= TELL_AGAIN.toNanos()) {
                    LOG.warn(
                            "the message box went away amid a commit and is asked for its fate until it answers: {}",
                            Store.rootMessage(e));
                    told = System.nanoTime();
                }
            }
            pause();
        }
        throw new DiskInDoubtException("the message box went away amid a commit, whose fate is not known", broken);
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
