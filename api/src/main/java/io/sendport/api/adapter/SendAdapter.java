package io.sendport.api.adapter;

import java.util.Optional;

/**
 * Sends the deliveries of one port. For any number of threads; null is allowed nowhere.
 *
 * <p>What the other side says, or fails to say, is a value: {@link DeliveryResult}. An exception is a bug or a broken environment. The engine
 * takes one from {@link #connect} as a failure of its own work, with no attempt recorded. One from {@link SendConnection#send} is in doubt once
 * a byte of the mail was read, and deferred before. This holds for send ports, audit relays and the next hop of the embedded relay alike.
 */
public interface SendAdapter extends AutoCloseable {

    /**
     * Takes a connection for one message, and waits while all are in use. The caller asks before it records an attempt: whatever happens here,
     * the message has not been tried.
     *
     * @throws InterruptedException when the caller is to stop
     */
    Connecting connect() throws InterruptedException;

    /**
     * As {@link #connect()}; the adapter says at which step it is, here and until the connection is given back.
     *
     * @throws InterruptedException when the caller is to stop
     */
    default Connecting connect(Progress progress) throws InterruptedException {
        return connect();
    }

    /** How many deliveries it can have under way at once; 1 or more. */
    int concurrency();

    /** Set while nothing is to be sent, such as after a refused log-on: messages wait in the message box meanwhile. */
    default Optional<Rest> rest() {
        return Optional.empty();
    }

    /** Ends what {@link #rest} tells of: an operator says that the cause is mended. The next delivery finds out. */
    default void resume() {
        // An adapter that never rests has nothing to end.
    }

    /** How many recipients one delivery may name, 1 or more; more become several deliveries. */
    default int maxRecipients() {
        return Integer.MAX_VALUE;
    }

    /** Gives back what the adapter holds; connections it shares with others stay open for them. A second call does nothing. */
    @Override
    void close();
}
