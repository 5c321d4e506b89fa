package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.StoredRecord;

/**
 * The result of all checks of a record that need no neighbors. They are the expensive part of a verification, and any thread can run
 * them.
 *
 * @param link the record
 * @param header the fields of its header
 * @param isHeaderValid whether the stored hash matches the header
 * @param isPrivatePartValid whether the hash in the header matches the private part; true if the private part was erased
 */
record CheckedRecord(StoredRecord link, LinkHeader header, boolean isHeaderValid, boolean isPrivatePartValid) {

    /**
     * Checks a record.
     *
     * @throws IllegalArgumentException when its header is not a JSON object
     */
    static CheckedRecord of(StoredRecord record) {
        return of(record, Hashing.ofHeader(record.header()).equals(record.hash()));
    }

    /** As {@link #of(StoredRecord)}, for a record of a segment. Its hash is not stored: it was computed from its header. */
    static CheckedRecord ofSegment(StoredRecord record) {
        return of(record, true);
    }

    private static CheckedRecord of(StoredRecord record, boolean isHeaderValid) {
        LinkHeader header = LinkHeader.parse(record.header());
        String privatePart = record.secret();
        return new CheckedRecord(
                record,
                header,
                isHeaderValid,
                record.salt().isEmpty()
                        || privatePart == null
                        || Hashing.ofPrivate(record.salt().get(), privatePart).equals(header.privateHash));
    }
}
