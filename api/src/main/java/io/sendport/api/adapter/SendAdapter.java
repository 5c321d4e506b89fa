package io.sendport.api.adapter;

import java.util.Optional;

/**
 * Sends the deliveries of one port. Thread-safe; null is never allowed.
 *
 * <p>What the peer answers, or fails to answer, is a value: {@link DeliveryResult}. An exception is a bug or a broken environment. The
 * engine treats an exception from {@link #connect} as a failure of its own work and records no attempt. It treats an exception from {@link
 * SendConnection#send} as in doubt once a byte of the mail has been read, and as deferred before that. This holds for send ports, audit
 * relays and the next hop of the embedded relay alike.
 */
public interface SendAdapter extends AutoCloseable {

    /**
     * Takes a connection for one message. Where several ports share connections, waits while none of them is free. The caller calls this
     * before it records an attempt: whatever happens here, the message has not been attempted.
     *
     * @throws InterruptedException when the caller is asked to stop
     */
    Connecting connect() throws InterruptedException;

    /**
     * As {@link #connect()}. The adapter reports each step until the connection is closed.
     *
     * @throws InterruptedException when the caller is asked to stop
     */
    default Connecting connect(Progress progress) throws InterruptedException {
        return connect();
    }

    /**
     * How many connections a port may hold at the same time; 1 or more, and always the same. The engine asks for no more,
     * and lets other messages wait.
     */
    int concurrency();

    /**
     * Present while nothing may be sent, for example after a refused log-on. Messages wait in the message box meanwhile. The engine asks
     * often and does not compare {@link Rest#until} with the time: return nothing once that time is over.
     */
    default Optional<Rest> rest() {
        return Optional.empty();
    }

    /**
     * Ends the pause that {@link #rest} returns: an operator has reloaded the configuration, or has stopped and started the port, and so
     * says that the cause is fixed. The next delivery will show whether it is.
     */
    default void resume() {
        // An adapter that never pauses has nothing to resume.
    }

    /** The maximum number of recipients of one delivery, 1 or more. The engine splits larger ones into several deliveries. */
    default int maxRecipients() {
        return Integer.MAX_VALUE;
    }

    /** Releases what the adapter holds. Connections that it shares with other adapters stay open for them. A second call does nothing. */
    @Override
    void close();
}
