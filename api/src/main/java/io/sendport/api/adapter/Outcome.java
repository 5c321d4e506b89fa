package io.sendport.api.adapter;

/** The outcome for one recipient in one attempt. */
public enum Outcome {
    /** The peer accepted the mail for this recipient. */
    ACCEPTED,
    /** A temporary failure: another attempt may succeed. */
    DEFERRED,
    /** A permanent failure: another attempt with the same mail would fail too. */
    REFUSED,
    /** The peer may have the whole mail, but no answer came, so it is unknown whether the peer accepted it. */
    IN_DOUBT
}
