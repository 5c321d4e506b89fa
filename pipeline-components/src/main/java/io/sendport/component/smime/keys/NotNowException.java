package io.sendport.component.smime.keys;

/** A certificate or its revocation status is temporarily unavailable. A later attempt may succeed. */
public final class NotNowException extends SmimeException {

    private static final long serialVersionUID = 1L;

    public NotNowException(String message) {
        super(message);
    }

    public NotNowException(String message, Throwable cause) {
        super(message, cause);
    }
}
