package io.sendport.component.smime;

/** A certificate can't be asked for, or its revocation not be found out, at this moment: another time may do. */
final class NotNowException extends SmimeException {

    private static final long serialVersionUID = 1L;

    NotNowException(String message) {
        super(message);
    }

    NotNowException(String message, Throwable cause) {
        super(message, cause);
    }
}
