package io.sendport.api.adapter;

import java.util.Optional;

/**
 * What the deliveries of one message are handed over with, one after the other. Nothing of the message has left before the first
 * {@link #send}. For one thread at a time; null is allowed nowhere.
 */
public interface SendConnection extends AutoCloseable {

    /** Why it could not be opened; empty when it is open. Then {@link #send} hands nothing over and gives this as each recipient's result. */
    default Optional<String> fault() {
        return Optional.empty();
    }

    /**
     * Tries once to hand over {@code delivery}. Returns a value for whatever the other side can say or fail to say: a result for each recipient
     * of the delivery once, in its order, and for nobody else. A recipient without a result counts as in doubt once a byte of the mail was read.
     *
     * @param lease asked right before the act that cannot be undone, such as the final dot or the rename of a finished file. When the lease has
     *     lapsed, the connection is closed without that act and the outcome is {@link Outcome#DEFERRED}
     * @throws Exception a bug or a broken environment. Once the adapter has read a byte of {@link Delivery#mail()}, the engine records the
     *     delivery as in doubt, because that byte may have been handed over. Before, the engine records it as deferred
     */
    DeliveryResult send(Delivery delivery, Lease lease) throws Exception;

    /** Gives it back. A second call does nothing, and nothing is thrown. The adapter may keep it open for another message. */
    @Override
    void close();
}
