package io.sendport.api.adapter;

/**
 * How far the exchange with the peer got. The engine uses it to tell a fault of the peer from an answer about the mail. Immutable and
 * thread-safe.
 */
public enum Contact {
    /** The peer received the request to deliver. The outcomes have its answer. */
    MADE,
    /**
     * There was no exchange: the peer did not answer, or ended the exchange before it received the request to deliver. The engine may use
     * another transport in the same attempt.
     */
    NONE,
    /**
     * The peer answered but did not admit the adapter, for example because it refused the log-on. It did not receive the request to
     * deliver. The engine may use another transport in the same attempt.
     */
    NOT_ADMITTED,
    /** The peer received the request and then ended the exchange for a reason unrelated to the mail, such as a shutdown. */
    ENDED
}
