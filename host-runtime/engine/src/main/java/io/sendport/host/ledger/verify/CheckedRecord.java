package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.StoredRecord;

/**
 * A link with all checks that need no neighbors. This is the expensive part of a verification, and any thread can do it.
 *
 * @param link the record
 * @param header its fields
 * @param isHeaderValid whether its hash matches the header
 * @param isPrivatePartValid whether the header matches the private part, if it still has one
 */
record CheckedRecord(StoredRecord link, LinkHeader header, boolean isHeaderValid, boolean isPrivatePartValid) {

    /**
     * Checks a link.
     *
     * @throws IllegalArgumentException when its header is not a JSON object
     */
    static CheckedRecord of(StoredRecord link) {
        return of(link, Hashing.ofHeader(link.header()).equals(link.hash()));
    }

    /** As {@link #of(StoredRecord)}, for a record of a segment: its hash is not stored, but was computed from its header. */
    static CheckedRecord ofSegment(StoredRecord link) {
        return of(link, true);
    }

    private static CheckedRecord of(StoredRecord link, boolean isHeaderValid) {
        LinkHeader header = LinkHeader.parse(link.header());
        String secret = link.secret();
        return new CheckedRecord(
                link,
                header,
                isHeaderValid,
                link.salt().isEmpty()
                        || secret == null
                        || Hashing.ofPrivate(link.salt().get(), secret).equals(header.secretHash));
    }
}
