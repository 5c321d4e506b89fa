package io.sendport.api.adapter;

import java.util.Optional;

/** Sends the deliveries of one port, by several threads at once. */
public interface SendAdapter extends AutoCloseable {

    /**
     * Takes a connection for one message, and waits while all are in use. The caller asks before it records an attempt: whatever happens here,
     * the message has not been tried.
     *
     * @throws InterruptedException when the caller is to stop
     */
    Connecting connect() throws InterruptedException;

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
