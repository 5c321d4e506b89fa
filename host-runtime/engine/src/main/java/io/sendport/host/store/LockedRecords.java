package io.sendport.host.store;

import io.sendport.host.store.commit.RecordsLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The ledger's records in a SQLite file, locked by a file beside it. */
final class LockedRecords {

    private LockedRecords() {}

    /** Locks them; see {@link io.sendport.host.store.commit.Database#lockRecords}. */
    static Optional<AutoCloseable> of(Path store, RecordsLock why) throws IOException {
        if (why == RecordsLock.VERIFY && isOnlyReadable(store)) {
            // Nobody moves records there, at least not as this user.
            return Optional.of(() -> {});
        }
        SharedFileLock lock = SharedFileLock.ofRecords(store);
        boolean isLocked = false;
        try {
            if (why == RecordsLock.VERIFY) {
                lock.share();
                isLocked = true;
                return Optional.of(() -> unlock(lock, lock::unshare));
            }
            isLocked = lock.tryAlone();
            return isLocked ? Optional.of(() -> unlock(lock, lock::endAlone)) : Optional.empty();
        } finally {
            if (!isLocked) {
                lock.close();
            }
        }
    }

    private static boolean isOnlyReadable(Path store) {
        Path folder = store.toAbsolutePath().getParent();
        return folder == null || !Files.isWritable(folder);
    }

    private static void unlock(SharedFileLock lock, SharedFileLock.Work end) throws IOException {
        try (lock) {
            end.run();
        }
    }
}
