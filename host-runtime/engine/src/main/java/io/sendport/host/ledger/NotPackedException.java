package io.sendport.host.ledger;

/** Rows of the ledger cannot be replaced by a segment. The message names the record and the reason. Nothing was changed. */
public final class NotPackedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the record and the reason. */
    public NotPackedException(String message) {
        super(message);
    }
}
