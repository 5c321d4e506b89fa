package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, beside a SQLite file, that its disk failed. Pages that were moved from the log into the file may be lost then, and the
 * log is the only place that still has them: until the log has been moved whole once more, nobody may write.
 */
public final class DiskFailure {

    private static final Logger LOG = LoggerFactory.getLogger(DiskFailure.class);

    private DiskFailure() {}

    private static Path mark(Path store) {
        return store.resolveSibling(store.getFileName() + ".disk-failed");
    }

    /** From now on nobody writes. Where even that can't be noted, the process that saw it is still the one that stops. */
    static void remember(Path store) {
        try {
            OwnerOnly.create(mark(store));
        } catch (IOException e) {
            LOG.error("the failure of the disk could not be noted beside {}", store, e);
        }
    }

    static boolean isRemembered(Path store) {
        return Files.exists(mark(store));
    }

    /**
     * Refuses to write.
     *
     * @throws StoreException while the disk's failure is remembered
     */
    static void requireNone(Path store) {
        if (isRemembered(store)) {
            throw new StoreException(
                    "the disk under the message box " + store
                            + " failed; nothing is written until `sendport run` is started again",
                    null,
                    StoreException.Reason.AWAY);
        }
    }

    /**
     * Moves the log whole into the file, from its begin, and lets others write again. Nobody else may have the file open: whoever has goes
     * by an index of the log that this would contradict. For a process that holds the store's lock.
     *
     * @throws StoreException while other processes have the file open, with who they are; the same may succeed once they have ended
     * @throws IOException when the log can't be moved
     */
    public static void recover(Path store) throws IOException {
        if (!isRemembered(store)) {
            return;
        }
        LOG.warn("The disk under {} failed before: moving its whole write-ahead log into it once more.", store);
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
