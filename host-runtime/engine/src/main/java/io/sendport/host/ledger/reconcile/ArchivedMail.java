package io.sendport.host.ledger.reconcile;

import java.util.Set;

/**
 * A mail that the relay archived or logged.
 *
 * @param mimeMessageId the Message-ID with angle brackets; empty when it has none
 * @param fingerprints candidates for the fingerprint on the ledger: digests of the bytes, with and without fields that relays add. In a
 *     log, the queue id
 * @param place the file or line with the mail
 */
public record ArchivedMail(String mimeMessageId, Set<String> fingerprints, String place) {}
