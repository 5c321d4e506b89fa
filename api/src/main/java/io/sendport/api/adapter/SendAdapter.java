package io.sendport.api.adapter;

import java.util.Optional;

/** Sends the deliveries of one port, by several threads at once. */
public interface SendAdapter extends AutoCloseable {

    /**
     * Tries once to hand over {@code delivery}. Returns a value for whatever the other side can say or fail to say.
     *
     * @param lease asked right before the final dot; when it has lapsed the connection is closed without it and the outcome is
     *     {@link Outcome#DEFERRED}
     * @throws Exception a bug or a broken environment; the caller takes the delivery as deferred when nothing was sent
     */
    DeliveryResult send(Delivery delivery, Lease lease) throws Exception;

    /** How many deliveries it can have under way at once. */
    int concurrency();

    /** Set while nothing is to be sent, such as after a refused log-on: messages wait in the message box meanwhile. */
    default Optional<Rest> rest() {
        return Optional.empty();
    }

    /** How many recipients one delivery may name; more become several deliveries. */
    default int maxRecipients() {
        return Integer.MAX_VALUE;
    }

    /** Gives back what the adapter holds; connections it shares with others stay open for them. */
    @Override
    void close();
}
