package io.sendport.host.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs the write-ahead log of a SQLite file. SQLite holds no locks on the log, so closing the log here releases none. Safe for use by
 * several threads.
 */
final class LogFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

    private final Path store;
    private @Nullable FileChannel channel;

    /** The log of the SQLite file {@code store}, which need not exist yet. */
    LogFile(Path store) {
        this.store = store;
    }

    /**
     * Opens the log, because a connection writes to it from now on.
     *
     * @throws IOException when the log does not exist, because nothing would be synced then
     */
    synchronized void open() throws IOException {
        close();
        channel = FileChannel.open(Sqlite.beside(store, Sqlite.WAL), StandardOpenOption.WRITE);
    }

    /**
     * Returns once all writes to the log, by any process, are on disk.
     *
     * @throws IOException when the disk fails, once for each failure
     */
    synchronized void sync() throws IOException {
        try {
            if (channel == null) {
                open();
            }
        } catch (NoSuchFileException e) {
            // Our connection is closed. The last connection that closed has checkpointed the log.
            return;
        }
        Objects.requireNonNull(channel).force(false);
    }

    /** Closes the log, because our connection is closed and the file may be deleted. */
    @Override
    public synchronized void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("cannot close the log after a sync", e);
            }
        }
    }
}
