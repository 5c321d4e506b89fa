package io.sendport.host.ledger;

/** Rows of the ledger cannot be replaced by a segment. The message says which, and why; nothing was changed. */
public final class NotPackedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With which record, and why. */
    public NotPackedException(String message) {
        super(message);
    }
}
