/**
 * Holds the ledger against what the relay kept: a folder of mails, an mbox file or a Postfix log, read as a stream and compared mail by
 * mail, by Message-ID and SHA-256 of the bytes as they were sent.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.ledger.reconcile;
