package io.sendport.host.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to PostgreSQL, over a new connection where the last one broke. When it breaks amid a commit the server is asked, once it is
 * back, what became of that transaction: a commit is never in doubt for longer than the server is away.
 */
final class PostgresWriter implements Writer {

    /** On which processes tell each other of new work. */
    static final String CHANNEL = "sendport_work";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);
    private static final long ASK_AGAIN_MILLIS = 200;
    private static final Duration TELL_AGAIN = Duration.ofSeconds(30);

    private final Supplier<Handle> opener;
    private final DatabaseClock clock;
    private volatile boolean given;
    private @Nullable Handle handle;
    private long transaction;

    PostgresWriter(Supplier<Handle> opener, DatabaseClock clock) {
        this.opener = opener;
        this.clock = clock;
    }

    @Override
    public Handle begin() {
        Handle open = handle;
        if (open == null) {
            open = opener.get();
            handle = open;
            try {
                // Durable before it is acknowledged, whatever the server's default is.
                open.execute("SELECT set_config('synchronous_commit', 'on', false)"
                        + " WHERE current_setting('synchronous_commit') = 'off'");
                open.getConnection().setAutoCommit(false);
            } catch (SQLException e) {
                throw new TransactionException("can't begin a transaction", e);
            }
        }
        transaction = open.createQuery("SELECT txid_current(), " + DatabaseClock.MICROS)
                .map((row, context) -> {
                    clock.told(row.getLong(2));
                    return row.getLong(1);
                })
                .one();
        return open;
    }

    @Override
    public void announceWork() {
        open().execute("SELECT pg_notify(?, '')", CHANNEL);
    }

    @Override
    public void commit() {
        try {
            open().getConnection().commit();
        } catch (SQLException e) {
            if (!Postgres.isAway(e)) {
                rollback();
                throw new TransactionException("the commit was refused", e);
            }
            drop();
            if (!wasCommitted(e)) {
                throw new TransactionException("the connection broke before the commit was done", e);
            }
        }
    }

    /** Asks until there is an answer. */
    private boolean wasCommitted(SQLException broken) {
        long told = System.nanoTime() - TELL_AGAIN.toNanos();
        while (!given) {
            try (Handle asking = opener.get()) {
                Optional<String> fate = asking.createQuery("SELECT txid_status(?)")
                        .bind(0, transaction)
                        .mapTo(String.class)
                        .findOne();
                if (fate.isEmpty()) {
                    break;
                }
                if (!fate.get().equals("in progress")) {
                    LOG.info("the message box is back; the transaction that was under way is {}", fate.get());
                    return fate.get().equals("committed");
                }
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
    public void rollback() {
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
    public boolean isConflict(Throwable failure) {
        return Postgres.isConflict(failure);
    }

    @Override
    public boolean isAway(Throwable failure) {
        return Postgres.isAway(failure);
    }

    @Override
    public void giveUp() {
        given = true;
    }

    @Override
    public void close() {
        drop();
    }
}
