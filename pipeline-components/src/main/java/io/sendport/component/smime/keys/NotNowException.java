package io.sendport.component.smime.keys;

/** A certificate cannot be asked for, or its revocation not be found out, at this moment: another time may do. */
public final class NotNowException extends SmimeException {

    private static final long serialVersionUID = 1L;

    public NotNowException(String message) {
        super(message);
    }

    public NotNowException(String message, Throwable cause) {
        super(message, cause);
    }
}
