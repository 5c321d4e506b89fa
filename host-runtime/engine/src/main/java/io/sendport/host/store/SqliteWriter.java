package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.StoreState;
import io.sendport.host.store.commit.Writer;
import io.sendport.support.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a SQLite file. A transaction holds the write lock from its start. A commit appends to the write-ahead log, and {@link #sync}
 * syncs the log while the next commit is prepared. SQLite itself syncs only when the log restarts and before a checkpoint. That is enough
 * to keep the file consistent.
 */
final class SqliteWriter implements Writer {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

    /**
     * The checkpoint interval. It is short, because a checkpoint blocks commits: at full speed, about 30 MB are written in this time, and
     * their checkpoint takes about 15 ms.
     */
    private static final long CHECKPOINT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How long the log may keep deleted data that must be overwritten. */
    private static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long OPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(Sqlite.BUSY_MILLIS);

    private static final int BRIEF_MILLIS = 20;

    private final Supplier<Handle> opener;
    private final Path file;
    private final LogFile log;
    private volatile boolean abandoned;
    private final CheckpointProgress checkpoints;
    private final boolean secureDelete;
    private long tended = System.nanoTime();
    private long emptied = System.nanoTime() - EMPTY_NANOS;
    private volatile @Nullable SharedFileLock syncLock;
    private boolean mustEmpty;
    private boolean emptiesNow;
    private StoreState state = StoreState.UNREAD;
    private @Nullable Handle handle;
    private @Nullable PreparedStatement selectState;

    /**
     * Writes over connections that {@code opener} opens.
     *
     * @param file the file that they write to
     * @param secureDelete whether deleted data is overwritten, in the file and in its log
     */
    SqliteWriter(Supplier<Handle> opener, Path file, boolean secureDelete) {
        this.opener = opener;
        this.secureDelete = secureDelete;
        this.file = file;
        this.log = new LogFile(file);
        this.checkpoints = new CheckpointProgress(System::nanoTime);
    }

    @Override
    public Handle begin() {
        Handle open = handle;
        if (open == null) {
            open = connected();
        } else {
            requireNoFailureElsewhere();
            run(open, "BEGIN IMMEDIATE");
        }
        state = StoreState.read(Objects.requireNonNull(selectState));
        return open;
    }

    /** Opens a new connection in a transaction. No process syncs or renames the file while it is opened. */
    private Handle connected() {
        long deadline = System.nanoTime() + OPEN_NANOS;
        while (true) {
            try {
                syncLock().exclusively(this::open);
                return Objects.requireNonNull(handle);
            } catch (IOException | RuntimeException e) {
                dropConnection();
                if (!SqliteFailure.isBusy(e) || System.nanoTime() - deadline > 0) {
                    throw e instanceof RuntimeException failure
                            ? failure
                            : new StoreException(
                                    "the message box " + file + " cannot be opened for writing: " + e.getMessage(), e);
                }
            }
            pause();
        }
    }

    /** Waits only briefly for the write lock: its holder may wait for a sync, and that sync waits for this method. */
    private void open() throws IOException {
        DiskFailure.requireNone(file);
        Handle open = opener.get();
        handle = open;
        // {@link #maintain} checkpoints instead. An application may use an older driver without a constant for this.
        run(open, "PRAGMA wal_autocheckpoint = 0");
        if (secureDelete) {
            run(open, SecureDelete.ON);
        }
        run(open, "PRAGMA busy_timeout = " + BRIEF_MILLIS);
        run(open, "BEGIN IMMEDIATE");
        run(open, "PRAGMA busy_timeout = " + Sqlite.BUSY_MILLIS);
        log.open();
        try {
            selectState = StoreState.prepare(open.getConnection());
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void dropConnection() {
        Handle open = handle;
        handle = null;
        selectState = null;
        log.close();
        if (open != null) {
            try {
                run(open, "ROLLBACK");
            } catch (RuntimeException e) {
                LOG.debug("no transaction had begun", e);
            }
            open.close();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before the write started; nothing was written", e);
        }
    }

    private void requireNoFailureElsewhere() {
        if (DiskFailure.isRemembered(file)) {
            throw inDoubt("another process found that the disk failed", null);
        }
    }

    private SharedFileLock syncLock() {
        SharedFileLock lock = syncLock;
        if (lock == null) {
            try {
                lock = SharedFileLock.ofSyncs(file);
            } catch (IOException e) {
                throw new StoreException("cannot lock " + file + " for writing: " + e.getMessage(), e);
            }
            syncLock = lock;
        }
        return lock;
    }

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public Optional<String> lossSeen() {
        return Optional.empty();
    }

    @Override
    public void announceWork() {
        // Poll, because SQLite does not notify waiting processes.
    }

    @Override
    public boolean hasPendingNotify() {
        return false;
    }

    @Override
    public void commit() {
        try {
            // Do not use JDBC's commit: it begins the next transaction at once. If that fails, it reports a failure
            // although this commit is on disk.
            run(opened(), "COMMIT");
        } catch (RuntimeException e) {
            if (SqliteFailure.leavesDiskInDoubt(e)) {
                throw inDoubt("the disk failed during a commit (" + Failures.reason(e) + ")", e);
            }
            rollback(e);
            throw e;
        }
    }

    @Override
    public boolean syncsApart() {
        return true;
    }

    @Override
    public void sync() {
        try {
            syncLock().shared(() -> {
                try {
                    log.sync();
                } catch (IOException e) {
                    // Other processes may have written after the lost pages, so no process may open the log before the
                    // marker exists.
                    DiskFailure.remember(file);
                    throw e;
                }
            });
        } catch (IOException e) {
            throw inDoubt("the disk failed during a sync of commits (" + e.getMessage() + ")", e);
        }
    }

    /** Checkpoints the log. Otherwise SQLite would do that within a commit, and hide a disk failure. */
    @Override
    public void maintain() {
        long now = System.nanoTime();
        if (now - tended < CHECKPOINT_NANOS && !emptiesNow) {
            return;
        }
        tended = now;
        emptiesNow = false;
        try {
            if (mustEmpty || (secureDelete && now - emptied >= EMPTY_NANOS)) {
                emptyLog(opened());
                emptied = now;
            } else {
                checkpoints.checkpoint(opened().getConnection());
            }
        } catch (SQLException e) {
            if (SqliteFailure.isSyncFailure(e)) {
                DiskFailure.remember(file);
            }
            if (SqliteFailure.leavesDiskInDoubt(e)) {
                throw inDoubt(
                        "the disk failed during a checkpoint of the write-ahead log (" + Failures.reason(e) + ")", e);
            }
            LOG.warn("Could not checkpoint the write-ahead log; will retry: {}", Failures.reason(e));
        }
    }

    @Override
    public void emptyLog() {
        mustEmpty = true;
        emptiesNow = true;
    }

    /** Empties the log, which contains pages from before a deletion. If a reader holds it back, the next call tries again. */
    private void emptyLog(Handle open) throws SQLException {
        run(open, "PRAGMA busy_timeout = " + BRIEF_MILLIS);
        try {
            mustEmpty = !checkpoints.empty(open.getConnection());
        } finally {
            run(open, "PRAGMA busy_timeout = " + Sqlite.BUSY_MILLIS);
        }
    }

    @Override
    public Optional<String> heldBack() {
        return checkpoints.heldBack();
    }

    @Override
    public void rollback(Throwable why) {
        Handle open = handle;
        if (open == null) {
            return;
        }
        boolean clean = true;
        try {
            run(open, "ROLLBACK");
        } catch (RuntimeException e) {
            // After some errors, SQLite has rolled back already. Only a new connection has a known state.
            LOG.debug("rollback", e);
            clean = false;
        }
        // A statement of SQLite that failed cannot be used again, and SQLite does not report that. Reconnect.
        if (!clean || SqliteFailure.isSqlFailure(why)) {
            handle = null;
            selectState = null;
            open.close();
            log.close();
        }
    }

    /** Runs SQL with a new statement. The connection is in autocommit mode, so the driver adds no BEGIN of its own. */
    private static void run(Handle handle, String sql) {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new TransactionException(sql + " failed", e);
        }
    }

    private Handle opened() {
        Handle open = handle;
        if (open == null) {
            throw new IllegalStateException("no transaction has begun");
        }
        return open;
    }

    @Override
    public void giveUp() {
        // No method here waits for long.
    }

    private DiskInDoubtException inDoubt(String why, @Nullable Throwable cause) {
        abandoned = true;
        return new DiskInDoubtException(why, cause);
    }

    /**
     * Closes the connection, but not after a disk failure: SQLite would then checkpoint the log and delete it. The connection stays open
     * until the process ends.
     */
    @Override
    public void close() {
        if (handle != null && !abandoned) {
            handle.close();
        }
        log.close();
        try {
            SharedFileLock lock = syncLock;
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.debug("cannot close the lock on the log of {}", file, e);
        }
    }
}
