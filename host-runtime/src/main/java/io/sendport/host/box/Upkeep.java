package io.sendport.host.box;

import io.sendport.host.store.Store;
import io.sendport.host.store.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * Deletes what has served its time, in small batches: bodies and rows of ended messages, old dedupe keys, answered wishes, instances
 * that ended long ago, chunks that nothing refers to.
 */
public final class Upkeep {

    private static final int BATCH = 200;

    private final Store store;
    private final Clock clock;

    private final Duration keepBodies;
    private final Duration keepMessages;

    Upkeep(Store store, Clock clock, Duration keepBodies, Duration keepMessages) {
        this.store = store;
        this.clock = clock;
        this.keepBodies = keepBodies;
        this.keepMessages = keepMessages;
    }

    /** One round; the ledger keeps its records. */
    public void run() {
        Instant now = clock.instant();
        long bodiesBefore = now.minus(keepBodies).toEpochMilli();
        long rowsBefore = now.minus(keepMessages).toEpochMilli();
        untilDone(transaction -> dropBodies(transaction, bodiesBefore));
        untilDone(transaction -> deleteMessages(transaction, rowsBefore));
        untilDone(transaction -> deleteOrphans(
                transaction.handle(), now.minus(Duration.ofDays(1)).toEpochMilli()));
        store.change(transaction -> {
            transaction.handle().execute("DELETE FROM dedupe WHERE until < ?", now.toEpochMilli());
            transaction.handle().execute("DELETE FROM reload WHERE asked_at < ?", rowsBefore);
            store.sweep(transaction, rowsBefore);
            transaction
                    .handle()
                    .execute(
                            "DELETE FROM instance WHERE stopped_at < ? AND NOT EXISTS"
                                    + " (SELECT 1 FROM message m WHERE m.lease_owner = instance.id)",
                            rowsBefore);
        });
    }

    /** Batch after batch, each a transaction of its own, so that nobody waits for long. */
    private void untilDone(Predicate<Transaction> batch) {
        boolean more = true;
        while (more) {
            more = store.write(batch::test);
        }
    }

    private static boolean dropBodies(Transaction transaction, long before) {
        List<Long> ended = transaction
                .handle()
                .createQuery("SELECT DISTINCT p.message_seq FROM part p JOIN message m ON m.seq = p.message_seq"
                        + " WHERE m.ended_at < ? LIMIT ?")
                .bind(0, before)
                .bind(1, BATCH)
                .mapTo(Long.class)
                .list();
        ended.forEach(seq -> Inbox.dropBodies(transaction, seq));
        return ended.size() == BATCH;
    }

    private static boolean deleteMessages(Transaction transaction, long before) {
        List<Long> ended = transaction
                .handle()
                .createQuery("SELECT seq FROM message WHERE ended_at < ? LIMIT ?")
                .bind(0, before)
                .bind(1, BATCH)
                .mapTo(Long.class)
                .list();
        ended.forEach(seq -> delete(transaction, seq));
        return ended.size() == BATCH;
    }

    /** The message, and all that belongs to it; the ledger keeps its records. */
    static void delete(Transaction transaction, long seq) {
        Inbox.dropBodies(transaction, seq);
        Handle handle = transaction.handle();
        handle.execute("DELETE FROM attempt WHERE message_seq = ?", seq);
        handle.execute("DELETE FROM delivery WHERE message_seq = ?", seq);
        handle.execute("DELETE FROM message WHERE seq = ?", seq);
    }

    private static boolean deleteOrphans(Handle handle, long before) {
        List<String> orphans = handle.createQuery("SELECT id FROM body b WHERE created_at < ?"
                        + " AND NOT EXISTS (SELECT 1 FROM part p WHERE p.body_id = b.id)"
                        + " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.sealed_id = b.id) LIMIT ?")
                .bind(0, before)
                .bind(1, BATCH)
                .mapTo(String.class)
                .list();
        orphans.forEach(id -> BodyStore.delete(handle, id));
        return orphans.size() == BATCH;
    }
}
