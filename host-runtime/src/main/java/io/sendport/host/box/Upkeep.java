package io.sendport.host.box;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Deletes what has served its time, in small batches: rows of ended messages, old dedupe keys, chunks that nothing refers to. */
public final class Upkeep {

    private static final int BATCH = 200;

    private final Store store;
    private final Clock clock;

    Upkeep(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** One round; the ledger keeps its records. */
    public void run(Duration keepMessages) {
        Instant now = clock.instant();
        long before = now.minus(keepMessages).toEpochMilli();
        boolean more = true;
        while (more) {
            more = store.write(transaction -> deleteMessages(transaction.handle(), before));
        }
        store.change(transaction -> {
            transaction.handle().execute("DELETE FROM dedupe WHERE until < ?", now.toEpochMilli());
            deleteOrphans(transaction.handle(), now.minus(Duration.ofDays(1)).toEpochMilli());
        });
    }

    private static boolean deleteMessages(Handle handle, long before) {
        List<Long> ended = handle.createQuery("SELECT seq FROM message WHERE ended_at < ? LIMIT ?")
                .bind(0, before)
                .bind(1, BATCH)
                .mapTo(Long.class)
                .list();
        for (long seq : ended) {
            Inbox.dropBodies(handle, seq);
            handle.execute("DELETE FROM attempt WHERE message_seq = ?", seq);
            handle.execute("DELETE FROM delivery WHERE message_seq = ?", seq);
            handle.execute("DELETE FROM message WHERE seq = ?", seq);
        }
        return ended.size() == BATCH;
    }

    private static void deleteOrphans(Handle handle, long before) {
        List<String> orphans = handle.createQuery("SELECT id FROM body b WHERE created_at < ?"
                        + " AND NOT EXISTS (SELECT 1 FROM part p WHERE p.body_id = b.id)"
                        + " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.sealed_id = b.id) LIMIT ?")
                .bind(0, before)
                .bind(1, BATCH)
                .mapTo(String.class)
                .list();
        orphans.forEach(id -> BodyStore.delete(handle, id));
    }
}
