package io.sendport.host.ledger.reconcile;

import java.util.Set;

/**
 * A mail that the relay kept or logged.
 *
 * @param mimeMessageId its Message-ID with angle brackets; empty when it has none
 * @param fingerprints by any of which the ledger may know it: digests of its bytes, with and without what relays put before them, or
 *     the queue id that a log gives
 * @param place where it was found
 */
public record ArchivedMail(String mimeMessageId, Set<String> fingerprints, String place) {}
