package io.sendport.host.ledger.reconcile;

/**
 * Something that ledger and archive don't agree on.
 *
 * @param kind what
 * @param mimeMessageId of the mail; empty when the ledger's was erased
 * @param record place on the ledger; empty when it isn't there
 * @param message id of the message; empty when it isn't on the ledger
 * @param found place in the archive; empty when it isn't there
 */
public record Difference(Kind kind, String mimeMessageId, String record, String message, String found) {

    /** What is different. */
    public enum Kind {
        /** The relay said that it took it, and it isn't in the archive. */
        LEDGER_ONLY,
        /** It is in the archive, and the ledger knows of no such delivery. */
        ARCHIVE_ONLY,
        /** The archive has that mail with other bytes, or the log under another queue id. */
        DIFFERS
    }
}
