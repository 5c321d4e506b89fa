package io.sendport.api.adapter;

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

    /** How many recipients one delivery may name; more become several deliveries. */
    default int maxRecipients() {
        return Integer.MAX_VALUE;
    }

    /** Gives back what the adapter holds; connections it shares with others stay open for them. */
    @Override
    void close();
}
