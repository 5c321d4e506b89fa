package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A marker file beside a SQLite file whose disk failed. Checkpointed pages may then be lost, and only the write-ahead log still has them.
 * No process may write until the whole log has been checkpointed again.
 */
public final class DiskFailure {

    private static final Logger LOG = LoggerFactory.getLogger(DiskFailure.class);

    private DiskFailure() {}

    private static Path mark(Path store) {
        return store.resolveSibling(store.getFileName() + ".disk-failed");
    }

    /** Creates the marker, so that no process writes. If that fails too, only this process stops writing. */
    static void remember(Path store) {
        try {
            OwnerOnly.create(mark(store));
        } catch (IOException e) {
            LOG.error(
                    "The disk failed, and Sendport cannot create {}, the file that stops all processes from writing to this message"
                            + " box. Other processes may still write. Stop all Sendport processes that use this message box now,"
                            + " and check the disk before you start one",
                    mark(store),
                    e);
        }
    }

    static boolean isRemembered(Path store) {
        return Files.exists(mark(store));
    }

    /**
     * Refuses to write.
     *
     * @throws StoreException while the marker exists
     */
    static void requireNone(Path store) {
        if (isRemembered(store)) {
            throw new StoreException(
                    "the disk under the message box " + store
                            + " failed; nothing is written until you restart `sendport run`. Check the disk first",
                    null,
                    StoreException.Reason.AWAY);
        }
    }

    /**
     * Checkpoints the whole log from its start, and then allows writes again. Does nothing without the marker. The caller must hold the
     * store's lock. No other process may have the file open, because its index of the log would be wrong afterwards.
     *
     * @throws StoreException while other processes have the file open; the message has their ids, and a retry may succeed later
     * @throws IOException when the checkpoint fails
     */
    public static void recover(Path store) throws IOException {
        if (!isRemembered(store)) {
            return;
        }
        LOG.warn(
                "The disk under {} failed earlier. Checkpointing the whole write-ahead log again; after that, writing resumes.",
                store);
        try (ExclusiveSqlite exclusive = ExclusiveSqlite.open(store)) {
            exclusive.checkpointLog();
        }
        Files.delete(mark(store));
        Path folder = store.toAbsolutePath().getParent();
        if (folder != null) {
            OwnerOnly.syncFolder(folder);
        }
    }
}
