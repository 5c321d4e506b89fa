package io.sendport.host.ledger.reconcile;

/**
 * A difference between ledger and archive.
 *
 * @param kind the kind of the difference
 * @param mimeMessageId the Message-ID of the mail; empty when it was erased on the ledger
 * @param record the place on the ledger; empty when there is none
 * @param message the id of the message; empty when the mail is not on the ledger
 * @param found the place in the archive; empty when the mail is not there
 */
public record Difference(Kind kind, String mimeMessageId, String record, String message, String found) {

    /** The kind of a difference. */
    public enum Kind {
        /** The relay confirmed the mail, but it is not in the archive. */
        LEDGER_ONLY,
        /** The mail is in the archive, but the ledger has no such delivery. */
        ARCHIVE_ONLY,
        /** The archive has the mail with different bytes, or the log has a different queue id. */
        DIFFERS
    }
}
