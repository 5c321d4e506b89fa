package io.sendport.host.store;

import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** Runs work on the ledger that needs the lock on its records. */
final class RecordsWork {

    private RecordsWork() {}

    /**
     * Runs {@code work} under the lock; empty, and nothing was done, when another process holds the lock.
     *
     * @throws io.sendport.host.store.commit.StoreException when the lock fails
     */
    static <T> Optional<T> run(Database database, RecordsLock why, Supplier<T> work) {
        Optional<AutoCloseable> lock;
        try {
            lock = database.lockRecords(why);
        } catch (IOException | JdbiException e) {
            throw Store.failed("lock the records of", database, e);
        }
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
            try {
                lock.get().close();
            } catch (Exception unlocking) {
                e.addSuppressed(unlocking);
            }
            throw e;
        }
        try {
            lock.get().close();
        } catch (Exception e) {
            throw Store.failed("unlock the records of", database, e);
        }
        return Optional.of(result);
    }
}
