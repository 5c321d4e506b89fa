package io.sendport.host.store;

import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** Work on the ledger that needs its records locked. */
final class RecordsWork {

    private RecordsWork() {}

    /** Runs {@code work} under the lock; empty when the lock cannot be had. */
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
