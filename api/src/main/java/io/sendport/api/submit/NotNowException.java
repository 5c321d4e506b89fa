package io.sendport.api.submit;

/**
 * The store is unreachable, busy or full, or it refused the log-on. The same submission may succeed later. Where it is unknown whether the
 * submission was stored, the message says so: submit again with the same dedupe key.
 */
public final class NotNowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message says what was tried and what to do. */
    public NotNowException(String message) {
        super(message);
    }

    /** Creates an exception whose message says what was tried and what to do, with its cause. */
    public NotNowException(String message, Throwable cause) {
        super(message, cause);
    }
}
