package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Link;

/**
 * A link with all that can be said of it without its neighbours: the costly part of a check, which any thread can do.
 *
 * @param link the record
 * @param header what it says
 * @param headerHolds whether its header is what its hash covers
 * @param secretHolds whether its private part, where it still has one, is what its header covers
 */
record Weighed(Link link, LinkHeader header, boolean headerHolds, boolean secretHolds) {

    /**
     * Weighs a link.
     *
     * @throws IllegalArgumentException when its header is no JSON object
     */
    static Weighed of(Link link) {
        LinkHeader header = LinkHeader.parse(link.header());
        String secret = link.secret();
        return new Weighed(
                link,
                header,
                Hashing.ofHeader(link.header()).equals(link.hash()),
                link.salt().isEmpty()
                        || secret == null
                        || Hashing.ofPrivate(link.salt().get(), secret).equals(header.secretHash));
    }
}
