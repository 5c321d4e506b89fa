package io.sendport.host.store;

import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.StoreException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The lock on the ledger's records in PostgreSQL. It has its own connection, and ends when that connection ends. */
final class AdvisoryLock {

    /** The number of the lock. It must be the same in every program version. */
    private static final long NUMBER = 0x53656e64706f7274L;

    private AdvisoryLock() {}

    /**
     * Takes the lock, see {@link io.sendport.host.store.commit.Database#lockRecords}.
     *
     * @param handle the connection of the lock; it is closed with the lock
     */
    static Optional<AutoCloseable> acquire(Handle handle, RecordsLock why) {
        boolean isLocked = false;
        try {
            isLocked = isTrue(
                    handle,
                    why == RecordsLock.VERIFY
                            ? "pg_advisory_lock_shared(" + NUMBER + ") IS NOT NULL"
                            : "pg_try_advisory_lock(" + NUMBER + ")");
            return isLocked ? Optional.of(() -> unlock(handle, why)) : Optional.empty();
        } finally {
            if (!isLocked) {
                handle.close();
            }
        }
    }

    /** Releases the lock explicitly, because a connection of a pool stays open. */
    private static void unlock(Handle handle, RecordsLock why) {
        try (handle) {
            String unlocking = why == RecordsLock.VERIFY ? "pg_advisory_unlock_shared(" : "pg_advisory_unlock(";
            if (!isTrue(handle, unlocking + NUMBER + ")")) {
                throw new StoreException(
                        "the connection to the database was replaced during the work, and with it the lock on the ledger's records"
                                + " was lost, so the result may be wrong: do not use it. Run the command again. A running host"
                                + " repeats its own work; nothing needs to be done there. If this repeats, set the connection pooler in front"
                                + " of PostgreSQL to session mode",
                        null);
            }
        }
    }

    private static boolean isTrue(Handle handle, String expression) {
        return handle.createQuery("SELECT " + expression).mapTo(Boolean.class).one();
    }
}
