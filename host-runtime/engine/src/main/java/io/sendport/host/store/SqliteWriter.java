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
 * Writes to a SQLite file, with the write lock from the first statement on. SQLite appends to its log and leaves it to {@link #sync} to
 * have that on disk, so that the next commit is prepared meanwhile; it syncs by itself where its log begins anew and before the log is
 * moved into the file, which is all that a sound file needs.
 */
final class SqliteWriter implements Writer {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

    /** Short, since nothing is committed meanwhile: at full speed some 30 MB are written in that time, and moved in some 15 ms. */
    private static final long TEND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How long the log keeps what was deleted, where that is to be overwritten. */
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
    private volatile @Nullable SyncLock syncLock;
    private StoreState state = StoreState.UNREAD;
    private @Nullable Handle handle;
    private @Nullable PreparedStatement selectState;

    /**
     * Writes over connections that {@code opener} opens.
     *
     * @param file that they write to
     * @param secureDelete whether what is deleted is overwritten, in the file and in its log
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

    /** A new connection in a transaction. While it is opened nobody syncs, and nobody moves the file away. */
    private Handle connected() {
        long deadline = System.nanoTime() + OPEN_NANOS;
        while (true) {
            try {
                syncLock().alone(this::open);
                return Objects.requireNonNull(handle);
            } catch (IOException | RuntimeException e) {
                letGo();
                if (!Sqlite.isBusy(e) || System.nanoTime() - deadline > 0) {
                    throw e instanceof RuntimeException failure
                            ? failure
                            : new StoreException(
                                    "the message box " + file + " can't be opened for writing: " + e.getMessage(), e);
                }
            }
            pause();
        }
    }

    /** Who has the write lock may wait for a sync, which waits while this is under way: so this waits for the write lock briefly. */
    private void open() throws IOException {
        DiskFailure.requireNone(file);
        Handle open = opener.get();
        handle = open;
        // Tending the log does it. Older drivers, which an application may bring, have no constant for this.
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

    private void letGo() {
        Handle open = handle;
        handle = null;
        selectState = null;
        log.close();
        if (open != null) {
            try {
                run(open, "ROLLBACK");
            } catch (RuntimeException e) {
                LOG.debug("nothing had begun", e);
            }
            open.close();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before the write was taken; nothing was written", e);
        }
    }

    private void requireNoFailureElsewhere() {
        if (DiskFailure.isRemembered(file)) {
            throw inDoubt("the disk failed under another process", null);
        }
    }

    private SyncLock syncLock() {
        SyncLock lock = syncLock;
        if (lock == null) {
            try {
                lock = SyncLock.of(file);
            } catch (IOException e) {
                throw new StoreException("can't lock " + file + " for writing: " + e.getMessage(), e);
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
        // Other processes look at short intervals.
    }

    @Override
    public boolean hasPendingNotify() {
        return false;
    }

    @Override
    public void commit() {
        try {
            // A statement and not JDBC's commit, which begins the next transaction at once and may fail at that when
            // this one is on disk.
            run(opened(), "COMMIT");
        } catch (RuntimeException e) {
            if (Sqlite.leavesDiskInDoubt(e)) {
                throw inDoubt("the disk failed while a commit was under way (" + Failures.reason(e) + ")", e);
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
                    // Others may have gone on behind what is lost: nobody opens the log before the mark is there.
                    DiskFailure.remember(file);
                    throw e;
                }
            });
        } catch (IOException e) {
            throw inDoubt("the disk failed while commits were brought to it (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Moves what was committed from the log into the file. SQLite would do it within a commit, and not say when the disk refuses.
     */
    @Override
    public void tend() {
        long now = System.nanoTime();
        if (now - tended < TEND_NANOS) {
            return;
        }
        tended = now;
        try {
            if (secureDelete && now - emptied >= EMPTY_NANOS) {
                emptyLog(opened());
                emptied = now;
            } else {
                checkpoints.checkpoint(opened().getConnection());
            }
        } catch (SQLException e) {
            if (Sqlite.isSyncFailure(e)) {
                DiskFailure.remember(file);
            }
            if (Sqlite.leavesDiskInDoubt(e)) {
                throw inDoubt("the disk failed while the log was moved into the file (" + Failures.reason(e) + ")", e);
            }
            LOG.warn("Could not checkpoint the write-ahead log; will retry: {}", Failures.reason(e));
        }
    }

    /** The log holds pages as they were before something was deleted; what a reader holds back is left for the next time. */
    private void emptyLog(Handle open) throws SQLException {
        run(open, "PRAGMA busy_timeout = " + BRIEF_MILLIS);
        try {
            checkpoints.empty(open.getConnection());
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
            // After some errors SQLite has rolled back by itself; whether it has is known for certain of a new
            // connection alone.
            LOG.debug("rollback", e);
            clean = false;
        }
        // A statement that failed can't be used again, and does not say so.
        if (!clean || Sqlite.isSqlFailure(why)) {
            handle = null;
            selectState = null;
            open.close();
            log.close();
        }
    }

    /** By a statement made for it: in autocommit mode BEGIN, COMMIT and ROLLBACK are what they say. */
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
            throw new IllegalStateException("nothing has begun");
        }
        return open;
    }

    @Override
    public void giveUp() {
        // Nothing here waits for long.
    }

    private DiskInDoubtException inDoubt(String why, @Nullable Throwable cause) {
        abandoned = true;
        return new DiskInDoubtException(why, cause);
    }

    /** After a failure of the disk the connection stays open until the process ends: SQLite would move the log, and drop it. */
    @Override
    public void close() {
        if (handle != null && !abandoned) {
            handle.close();
        }
        log.close();
        try {
            SyncLock lock = syncLock;
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.debug("the lock on the log of {} was not closed", file, e);
        }
    }
}
