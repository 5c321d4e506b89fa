package io.sendport.api.adapter;

/**
 * How far the exchange with the peer got. The engine uses it to tell a fault of the peer from an answer about the mail. Immutable and
 * thread-safe.
 */
public enum Contact {
    /** The peer learned of the delivery. The outcomes say what the peer did with it. */
    MADE,
    /**
     * There was no exchange: the peer did not answer, or ended the exchange before it learned of the delivery. Another transport may take the
     * delivery in the same attempt.
     */
    NONE,
    /**
     * The peer answered but did not admit the adapter, for example because it refused the log-on. It has not learned of the delivery. Another
     * transport may take the delivery in the same attempt.
     */
    NOT_ADMITTED,
    /** The peer learned of the delivery and then ended the exchange for its own reason, such as a shutdown. It said nothing about the mail. */
    ENDED
}
