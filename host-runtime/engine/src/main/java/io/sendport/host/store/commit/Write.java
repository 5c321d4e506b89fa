package io.sendport.host.store.commit;

/**
 * A write to the store. It may run twice: when a transaction fails, each of its writes is run again alone, so that only the faulty
 * one fails. It therefore changes nothing but the database.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface Write<T> {
    /** Runs the write. */
    T in(Transaction transaction);
}
