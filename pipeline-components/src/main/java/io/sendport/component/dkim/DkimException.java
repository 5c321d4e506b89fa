package io.sendport.component.dkim;

/** A key that cannot be used, or a mail that must not be signed with it. The message says what to do, without secrets and addresses. */
final class DkimException extends Exception {

    private static final long serialVersionUID = 1L;

    DkimException(String message) {
        super(message);
    }

    DkimException(String message, Throwable cause) {
        super(message, cause);
    }
}
