package io.sendport.api.adapter;

/** What came of one recipient in one attempt. */
public enum Outcome {
    /** The server took the mail for this recipient. */
    ACCEPTED,
    /** Not now: worth another try. */
    DEFERRED,
    /** No: trying again as it is won't help. */
    REFUSED,
    /** The server may or may not have taken it: everything was sent, and no answer came. */
    IN_DOUBT
}
