package io.sendport.host.ledger.reconcile;

import java.util.Set;

/**
 * A mail that the relay archived or logged.
 *
 * @param mimeMessageId its Message-ID with angle brackets; empty when it has none
 * @param fingerprints candidates for the ledger's fingerprint: digests of its bytes, with and without fields that relays add, or
 *     the queue id in a log
 * @param place where it was found
 */
public record ArchivedMail(String mimeMessageId, Set<String> fingerprints, String place) {}
