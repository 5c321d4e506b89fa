package io.sendport.host.store;

import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.StoreException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** PostgreSQL's lock on the ledger's records. It belongs to a connection of its own: if that is lost, so is the lock. */
final class AdvisoryLock {

    /** The same in every program version. */
    private static final long NUMBER = 0x53656e64706f7274L;

    private AdvisoryLock() {}

    /**
     * Locks them, see {@link io.sendport.host.store.commit.Database#lockRecords}.
     *
     * @param handle closed with the lock
     * @param user the user and the database, for messages
     */
    static Optional<AutoCloseable> of(Handle handle, RecordsLock why, String user) {
        boolean isLocked = false;
        try {
            isLocked = switch (why) {
                case VERIFY -> isTrue(handle, "pg_advisory_lock_shared(" + NUMBER + ") IS NOT NULL");
                case MOVE -> {
                    requireRightToMove(handle, user);
                    yield isTrue(handle, "pg_try_advisory_lock(" + NUMBER + ")");
                }
            };
            return isLocked ? Optional.of(() -> unlock(handle, why)) : Optional.empty();
        } finally {
            if (!isLocked) {
                handle.close();
            }
        }
    }

    private static void requireRightToMove(Handle handle, String user) {
        if (!isTrue(handle, "has_table_privilege('audit_record', 'DELETE')")) {
            throw new StoreException(
                    "user " + user + " may not delete rows of audit_record", null, StoreException.Reason.FORBIDDEN);
        }
    }

    /** A connection of a pool stays open, so the lock must not. */
    private static void unlock(Handle handle, RecordsLock why) {
        try (handle) {
            String unlocking = why == RecordsLock.VERIFY ? "pg_advisory_unlock_shared(" : "pg_advisory_unlock(";
            if (!isTrue(handle, unlocking + NUMBER + ")")) {
                throw new StoreException("the lock on the ledger's records was lost meanwhile", null);
            }
        }
    }

    private static boolean isTrue(Handle handle, String expression) {
        return handle.createQuery("SELECT " + expression).mapTo(Boolean.class).one();
    }
}
