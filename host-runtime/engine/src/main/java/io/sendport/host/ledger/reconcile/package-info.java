/**
 * Compares the ledger with the relay's archive: a folder of mails, an mbox file or a Postfix log. The archive is read as a stream
 * and compared mail by mail, by Message-ID and SHA-256 of the sent bytes.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.reconcile;
