package io.sendport.host.store.commit;

/**
 * A write to the store. It may run several times: when a transaction fails, each of its writes runs again in its own transaction, so that
 * only the faulty one fails. Therefore it must change nothing but the database.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface Write<T> {
    /** Runs the write. */
    T in(Transaction transaction);
}
