package io.sendport.api.mail;

/** An event for which a delivery status notification is requested (RFC 3461 section 4.1). */
public enum Notify {
    /** The mail was delivered. */
    SUCCESS,
    /** Delivery failed. */
    FAILURE,
    /** Delivery is delayed. */
    DELAY
}
