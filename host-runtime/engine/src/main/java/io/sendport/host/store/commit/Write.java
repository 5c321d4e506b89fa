package io.sendport.host.store.commit;

/**
 * A write to the store. It may be run twice: when a transaction fails, each of its writes is run again alone, so that only the
 * culprit fails. It therefore changes nothing but the database.
 *
 * @param <T> what it gives
 */
@FunctionalInterface
public interface Write<T> {
    /** Does it. */
    T in(Transaction transaction);
}
