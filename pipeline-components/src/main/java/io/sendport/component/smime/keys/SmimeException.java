package io.sendport.component.smime.keys;

/** Signing or encrypting is not possible as configured; nothing is sent. */
public class SmimeException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Says what was tried, on what, and what to do. */
    public SmimeException(String message) {
        super(message);
    }

    /** Says what was tried, on what, and what to do, with its cause. */
    public SmimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
