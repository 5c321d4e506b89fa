/**
 * Compares the ledger with the relay's archive: a folder of mails, an mbox file or a Postfix log. Reads the archive as a stream, and
 * compares mails by Message-ID and by SHA-256 of the sent bytes, or by queue id for a log.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.reconcile;
