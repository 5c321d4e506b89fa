package io.sendport.api.adapter;

import java.util.Optional;

/**
 * Hands over the deliveries of one message, one after the other. Nothing of the message leaves before the first {@link #send}. Not
 * thread-safe; null is never allowed.
 */
public interface SendConnection extends AutoCloseable {

    /**
     * Why the connection could not be opened; empty when it is open. If there is a fault, {@link #send} hands nothing over and returns the
     * fault as the result of each recipient.
     */
    default Optional<String> fault() {
        return Optional.empty();
    }

    /**
     * Makes one attempt to hand over {@code delivery}. Returns a value for everything that the peer can answer or fail to answer. The value
     * has exactly one result for each recipient of the delivery, in its order. A recipient without a result counts as in doubt once a byte
     * of the mail has been read.
     *
     * @param lease checked immediately before the step that cannot be undone, such as the final dot or the rename of a finished file. If
     *     the lease has lapsed, the connection is closed without that step and the outcome is {@link Outcome#DEFERRED}
     * @throws Exception a bug or a broken environment. Once the adapter has read a byte of {@link Delivery#mail()}, the engine records the
     *     delivery as in doubt, because that byte may have been handed over. Before that, the engine records it as deferred
     */
    DeliveryResult send(Delivery delivery, Lease lease) throws Exception;

    /** Returns the connection. The adapter may keep it open for another message. A second call does nothing. Throws nothing. */
    @Override
    void close();
}
