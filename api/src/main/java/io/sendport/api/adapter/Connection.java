package io.sendport.api.adapter;

import java.util.Optional;

/**
 * What the deliveries of one message are handed over with, one after the other. Nothing of the message has left before the first
 * {@link #send}. For one thread.
 */
public interface Connection extends AutoCloseable {

    /** Why it could not be opened; empty when it is open. Then {@link #send} hands nothing over and gives this as each recipient's result. */
    default Optional<String> fault() {
        return Optional.empty();
    }

    /**
     * Tries once to hand over {@code delivery}. Returns a value for whatever the other side can say or fail to say.
     *
     * @param lease asked right before the final dot; when it has lapsed the connection is closed without it and the outcome is
     *     {@link Outcome#DEFERRED}
     * @throws Exception a bug or a broken environment; the caller takes the delivery as in doubt
     */
    DeliveryResult send(Delivery delivery, Lease lease) throws Exception;

    /** Gives it back, once however often it is called. The adapter may keep it open for another message. */
    @Override
    void close();
}
