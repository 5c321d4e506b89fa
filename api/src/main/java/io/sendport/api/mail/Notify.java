package io.sendport.api.mail;

/** When the relay is asked for a delivery status notification (RFC 3461 section 4.1). */
public enum Notify {
    /** On delivery. */
    SUCCESS,
    /** On failure. */
    FAILURE,
    /** On delay. */
    DELAY
}
