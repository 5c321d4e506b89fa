package io.sendport.console.http;

/** A response that continues for as long as the client listens. It holds no thread. Safe for use by several threads. */
public interface Channel {

    /**
     * Sends a text after all earlier texts. Disconnects a client that does not read.
     *
     * @param text the text, sent as UTF-8
     */
    void send(String text);

    /** Whether the client has disconnected or was disconnected. */
    boolean isClosed();

    /** Ends the response. */
    void close();
}
