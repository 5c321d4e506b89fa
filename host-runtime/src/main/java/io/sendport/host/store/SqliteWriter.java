package io.sendport.host.store;

import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to a SQLite file, with the write lock from the first statement on. */
final class SqliteWriter implements Writer {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

    private final Supplier<Handle> opener;
    private @Nullable Handle handle;

    SqliteWriter(Supplier<Handle> opener) {
        this.opener = opener;
    }

    @Override
    public Handle begin() {
        Handle open = handle;
        if (open == null) {
            open = opener.get();
            handle = open;
        }
        // In autocommit mode the statements BEGIN and COMMIT are what they say.
        open.execute("BEGIN IMMEDIATE");
        return open;
    }

    @Override
    public void announceWork() {
        // Other processes look at short intervals.
    }

    @Override
    public void commit() {
        try {
            // A statement and not JDBC's commit, which begins the next transaction at once and may fail at that when
            // this one is on disk.
            open().execute("COMMIT");
        } catch (RuntimeException e) {
            rollback();
            if (Sqlite.leavesDiskInDoubt(e)) {
                throw new DiskInDoubtException(
                        "the disk failed while a commit was under way (" + Store.rootMessage(e) + ")", e);
            }
            throw e;
        }
    }

    @Override
    public void rollback() {
        try {
            open().execute("ROLLBACK");
        } catch (RuntimeException e) {
            // SQLite has rolled back by itself after some errors; the next begin tells whether the connection still
            // works.
            LOG.debug("rollback", e);
        }
    }

    private Handle open() {
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

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
        }
    }
}
