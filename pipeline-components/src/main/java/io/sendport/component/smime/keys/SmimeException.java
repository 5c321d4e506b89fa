package io.sendport.component.smime.keys;

/** Signing or encryption is not possible as configured. Nothing is sent. */
public class SmimeException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Takes a message that says what was tried, on what, and what to do. */
    public SmimeException(String message) {
        super(message);
    }

    /** Takes a message that says what was tried, on what, and what to do, and the cause. */
    public SmimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
