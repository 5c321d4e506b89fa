package io.sendport.api.adapter;

/** What came of one recipient in one attempt. */
public enum Outcome {
    /** The other side took the mail for this recipient. */
    ACCEPTED,
    /** Not now: worth another try. */
    DEFERRED,
    /** No: trying again as it is won't help. */
    REFUSED,
    /** The other side may or may not have taken it: the whole mail may be there, and no answer came. */
    IN_DOUBT
}
