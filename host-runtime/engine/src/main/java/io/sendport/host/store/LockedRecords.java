package io.sendport.host.store;

import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The lock on the ledger's records in a SQLite file. It is a lock on another file beside it. */
final class LockedRecords {

    private LockedRecords() {}

    /** Creates the lock file, with the permissions of the store. */
    static void prepare(Path store) throws IOException {
        Path file = SharedFileLock.recordsFile(store);
        if (!Files.exists(file)) {
            OwnerOnly.create(file);
            if (OwnerOnly.hasModes()) {
                Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(store));
            }
        }
    }

    /** Takes the lock; see {@link Database#lockRecords}. */
    static Optional<AutoCloseable> acquire(Path store, RecordsLock why) throws IOException {
        SharedFileLock lock;
        try {
            lock = SharedFileLock.ofRecords(store);
        } catch (AccessDeniedException | NoSuchFileException e) {
            if (why == RecordsLock.VERIFY) {
                // Continue without the lock: a verification notices if records have moved, and starts again.
                return Optional.of(() -> {});
            }
            throw forbidden(store, e);
        }
        boolean isLocked = false;
        try {
            if (why == RecordsLock.VERIFY) {
                lock.share();
                isLocked = true;
                return Optional.of(() -> unlock(lock, lock::unshare));
            }
            isLocked = lock.tryExclusive();
            return isLocked ? Optional.of(() -> unlock(lock, lock::endExclusive)) : Optional.empty();
        } catch (AccessDeniedException e) {
            throw forbidden(store, e);
        } finally {
            if (!isLocked) {
                lock.close();
            }
        }
    }

    private static StoreException forbidden(Path store, IOException e) throws IOException {
        return new StoreException(
                "this account may not write " + SharedFileLock.recordsFile(store)
                        + ". Run the command with the account of the host, or correct the owner of the file",
                e,
                StoreException.Reason.FORBIDDEN);
    }

    private static void unlock(SharedFileLock lock, SharedFileLock.Work end) throws IOException {
        try (lock) {
            end.run();
        }
    }
}
