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
 * The log of a SQLite file, as far as it is to be on disk. SQLite holds no locks on it, which closing it here would take away. Safe for
 * use by several threads.
 */
final class LogFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

    private final Path store;
    private @Nullable FileChannel channel;

    /** Of the file {@code store}, which need not be there yet. */
    LogFile(Path store) {
        this.store = store;
    }

    /**
     * A connection writes to it from now on.
     *
     * @throws IOException when there is none: then nothing would be brought to the disk
     */
    synchronized void open() throws IOException {
        close();
        channel = FileChannel.open(Sqlite.beside(store, Sqlite.WAL), StandardOpenOption.WRITE);
    }

    /**
     * Returns once all that was written to it, by whom ever, is on disk.
     *
     * @throws IOException when the disk refuses, once for each failure
     */
    synchronized void sync() throws IOException {
        try {
            if (channel == null) {
                open();
            }
        } catch (NoSuchFileException e) {
            // Our connection is closed, and whoever closed the last one had the log moved into the file first.
            return;
        }
        Objects.requireNonNull(channel).force(false);
    }

    /** Our connection is closed, and the file may be gone. */
    @Override
    public synchronized void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("the log was synced, and could not be closed", e);
            }
        }
    }
}
