package io.sendport.host.ledger.reconcile;

/**
 * A difference between ledger and archive.
 *
 * @param kind its kind
 * @param mimeMessageId of the mail; empty when the ledger's was erased
 * @param record place on the ledger; empty when there is none
 * @param message id of the message; empty when it is not on the ledger
 * @param found place in the archive; empty when it is not there
 */
public record Difference(Kind kind, String mimeMessageId, String record, String message, String found) {

    /** The kind of a difference. */
    public enum Kind {
        /** The relay confirmed the mail, but it is not in the archive. */
        LEDGER_ONLY,
        /** It is in the archive, but the ledger has no such delivery. */
        ARCHIVE_ONLY,
        /** The archive has that mail with different bytes, or the log has a different queue id. */
        DIFFERS
    }
}
