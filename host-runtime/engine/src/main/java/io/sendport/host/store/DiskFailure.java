package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A marker beside a SQLite file that says its disk failed. Checkpointed pages may be lost then, and only the log still has them.
 * Nobody may write until the whole log has been checkpointed again.
 */
public final class DiskFailure {

    private static final Logger LOG = LoggerFactory.getLogger(DiskFailure.class);

    private DiskFailure() {}

    private static Path mark(Path store) {
        return store.resolveSibling(store.getFileName() + ".disk-failed");
    }

    /** Sets the marker, so that nobody writes. If that fails too, at least the current process stops. */
    static void remember(Path store) {
        try {
            OwnerOnly.create(mark(store));
        } catch (IOException e) {
            LOG.error("cannot write the disk failure marker beside {}", store, e);
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
     * Checkpoints the whole log from its start, and allows writes again. No other process may have the file open, because its index
     * of the log would then be wrong. Requires the store's lock.
     *
     * @throws StoreException while other processes have the file open, with their ids; a retry may succeed once they have ended
     * @throws IOException when the checkpoint fails
     */
    public static void recover(Path store) throws IOException {
        if (!isRemembered(store)) {
            return;
        }
        LOG.warn(
                "The disk under {} failed earlier. Checkpointing the whole write-ahead log again; after that, writing resumes.",
                store);
        try (SqliteAlone alone = SqliteAlone.open(store)) {
            alone.moveLog();
        }
        Files.delete(mark(store));
        Path folder = store.toAbsolutePath().getParent();
        if (folder != null) {
            OwnerOnly.syncFolder(folder);
        }
    }
}
