package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits how many records the search index lacks, because a search reads all records after the index. Hosts normally index. If no
 * host does, the transactions that append records index too. Safe for use by several threads.
 */
final class IndexLagLimiter {

    /** The number of unindexed records up to which only hosts index. */
    private static final long MAX_LAG = 20_000;

    /** The number of appended records between two checks of the lag. */
    private static final long CHECK_INTERVAL = 1_000;

    private final AtomicLong addedSinceCheck = new AtomicLong(CHECK_INTERVAL);

    /** Receives, before the commit, how many records the transaction appended. {@code head} is the last of them. */
    void added(Transaction transaction, Ledger.Head head, long records) {
        if (addedSinceCheck.addAndGet(records) < CHECK_INTERVAL) {
            return;
        }
        addedSinceCheck.set(0);
        boolean hasMore = true;
        while (hasMore && SearchIndex.lag(transaction.handle(), head) > MAX_LAG) {
            hasMore = SearchIndex.advance(transaction, head.lane());
        }
    }
}
