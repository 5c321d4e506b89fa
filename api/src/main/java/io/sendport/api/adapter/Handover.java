package io.sendport.api.adapter;

/**
 * What is known about where the mail is after an attempt. From this the engine decides whether another attempt could create a second copy.
 * An adapter that cannot tell returns {@link #UNKNOWN}. Immutable and thread-safe.
 */
public enum Handover {
    /**
     * The peer does not have the whole mail and cannot act on it: there was no connection, the peer refused before the content, or the
     * content was cut off.
     */
    NOT_HANDED_OVER,
    /** The peer had the whole mail and answered what it did with it. */
    HANDED_OVER,
    /** The peer may have the whole mail, but no answer says what it did with it. */
    UNKNOWN
}
