package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the search index from falling far behind, since a search reads everything behind it: if no host indexes, the transactions
 * that append do. Safe for use by several threads.
 */
final class IndexLagLimiter {

    /** The distance that is left to hosts. */
    private static final long MAX_COUNT = 20_000;

    /** How many records are appended between two looks at the distance. */
    private static final long STRIDE = 1_000;

    private final AtomicLong added = new AtomicLong(STRIDE);

    /** Called before the commit of a transaction that appended that many records up to {@code head}. */
    void added(Transaction transaction, Ledger.Head head, long records) {
        if (added.addAndGet(records) < STRIDE) {
            return;
        }
        added.set(0);
        boolean hasMore = true;
        while (hasMore && SearchIndex.distance(transaction.handle(), head) > MAX_COUNT) {
            hasMore = SearchIndex.advance(transaction, head.lane());
        }
    }
}
