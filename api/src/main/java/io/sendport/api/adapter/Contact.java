package io.sendport.api.adapter;

/**
 * How far the talk with the other side came. The engine uses it to tell a fault of the other side from an answer about the mail. Immutable, for
 * any number of threads.
 */
public enum Contact {
    /** The other side heard of the delivery. The outcomes say what it made of it. */
    MADE,
    /**
     * There was no talk: the other side did not answer, or ended the talk before it heard of the delivery. Another way out may take the delivery
     * in the same attempt.
     */
    NONE,
    /**
     * The other side answered and did not let the adapter in, such as at a refused log-on. It has not heard of the delivery. Another way out may
     * take the delivery in the same attempt.
     */
    NOT_ADMITTED,
    /**
     * The other side heard of the delivery and then ended the talk for a reason of its own, such as a shutdown. It said nothing about the mail.
     */
    ENDED
}
