package io.sendport.console.http;

/** An answer that goes on for as long as the client listens. It holds no thread. Safe for use by several threads. */
public interface Channel {

    /**
     * Sends more, once what was sent before is on its way. A client that does not take it is cut off.
     *
     * @param text UTF-8
     */
    void send(String text);

    /** Whether the client has gone, or was cut off. */
    boolean isClosed();

    /** Ends the answer. */
    void close();
}
