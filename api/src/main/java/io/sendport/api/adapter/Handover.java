package io.sendport.api.adapter;

/**
 * What is known of where the mail is after an attempt. The engine decides by it whether another try could make a second copy. An adapter that
 * cannot tell says {@link #UNKNOWN}. Immutable, for any number of threads.
 */
public enum Handover {
    /**
     * The other side does not have the whole mail and cannot act on it: no connection, a refusal before the content, or a content that ended
     * before its end.
     */
    NOT_HANDED_OVER,
    /** The other side had the whole mail and said what it did with it. */
    HANDED_OVER,
    /** The other side may have the whole mail, and no answer says what it did with it. */
    UNKNOWN
}
