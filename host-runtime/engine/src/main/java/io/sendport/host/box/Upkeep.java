package io.sendport.host.box;

import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.control.Horizon;
import io.sendport.host.box.control.Reports;
import io.sendport.host.box.outbox.Outbox;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Deletes expired data: bodies and rows of ended messages, old dedupe keys, answered requests, instances that ended long ago, and
 * chunks that no row refers to. It finds the rows with plain reads. Each transaction that deletes ends after a few milliseconds, so that
 * other writers do not wait long.
 */
public final class Upkeep {

    /** How many rows one query finds. */
    private static final int PAGE = 1_000;

    /** The time limit of one transaction. */
    private static final long MAX_TRANSACTION_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How many messages or keys one transaction may delete. Each may be on a page of its own, and the commit writes all these pages. */
    private static final int MAX_AT_ONCE = 300;

    /** The longest pause between two transactions, in which others can write. */
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long the hourly delivery counts of ports are kept. */
    private static final Duration KEEP_HOURLY_COUNTS = Duration.ofDays(400);

    /** Chunks that are younger may belong to a message that is being stored. */
    private static final Duration ORPHAN_AGE = Duration.ofDays(1);

    private final Store store;
    private final BodyStore bodies;
    private final BulkActs bulkActs;
    private final Optional<Outbox> outbox;
    private final Reports reports;
    private final Horizon horizon;
    private final Retention retention;
    private final EndedMessages withBodies;
    private final EndedMessages withRows;

    /** How long the results of bulk acts are kept. */
    private static final Duration KEEP_BULK_ACTS = Duration.ofDays(7);

    Upkeep(
            Store store,
            BodyStore bodies,
            BulkActs bulkActs,
            Optional<Outbox> outbox,
            Reports reports,
            Horizon horizon,
            Retention retention) {
        this.store = store;
        this.bodies = bodies;
        this.bulkActs = bulkActs;
        this.outbox = outbox;
        this.reports = reports;
        this.horizon = horizon;
        this.retention = retention;
        this.withBodies = new EndedMessages(store);
        this.withRows = new EndedMessages(store);
    }

    /** When the oldest message on hold was submitted. The ledger must keep its records since that time. */
    public Optional<Instant> onHoldSince() {
        return store.read(handle -> handle.createQuery("SELECT min(submitted_at) FROM message WHERE held = 1")
                .map((row, context) -> {
                    long at = row.getLong(1);
                    return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(at));
                })
                .one());
    }

    /**
     * The time before which the records of the ledger may be deleted. The records of a message on hold must stay.
     *
     * @param now the time that {@link #run} returned
     * @param kept how long records are kept
     */
    public Instant recordsBefore(Instant now, Duration kept) {
        Instant old = now.minus(kept);
        return onHoldSince().filter(old::isAfter).orElse(old);
    }

    /** The time that retention uses. */
    public Horizon horizon() {
        return horizon;
    }

    /**
     * Deletes all data that has expired. Does not delete records of the ledger.
     *
     * @return the time that this run used, see {@link Horizon#advance}
     */
    public synchronized Instant run() {
        Instant now = horizon.advance();
        long rowsBefore = now.minus(retention.messages()).toEpochMilli();
        withBodies.eachPage(
                retention.forBodies(),
                now,
                page -> delete(
                        page.stream()
                                .filter(EndedMessages.Ended::hasBodies)
                                .map(EndedMessages.Ended::seq)
                                .toList(),
                        Upkeep::dropBodies));
        withRows.eachPage(
                retention.forMessages(),
                now,
                page -> delete(page.stream().map(EndedMessages.Ended::seq).toList(), Upkeep::deleteRows));
        deleteAll(() -> released(), (transaction, message) -> afterRelease(transaction, message, now));
        deleteAll(
                () -> store.read(handle -> handle.createQuery(
                                "SELECT port, submitter, key FROM dedupe WHERE until < ? ORDER BY until LIMIT ?")
                        .bind(0, now.toEpochMilli())
                        .bind(1, PAGE)
                        .map((row, context) -> new Key(row.getString(1), row.getString(2), row.getString(3)))
                        .list()),
                (transaction, key) -> {
                    transaction
                            .handle()
                            .execute(
                                    "DELETE FROM dedupe WHERE port = ? AND submitter = ? AND key = ? AND until < ?",
                                    key.port(),
                                    key.submitter(),
                                    key.key(),
                                    now.toEpochMilli());
                    return List.of();
                });
        deleteOrphans(now.minus(ORPHAN_AGE).toEpochMilli());
        bulkActs.tidy(now.minus(KEEP_BULK_ACTS));
        delete(reports.portsCounted(now.minus(KEEP_HOURLY_COUNTS)), (transaction, port) -> {
            Reports.forget(transaction, port, now.minus(KEEP_HOURLY_COUNTS));
            return List.of();
        });
        outbox.ifPresent(each -> each.forget(now.minus(retention.messages())));
        store.change(transaction -> {
            transaction.handle().execute("DELETE FROM reload WHERE asked_at < ?", rowsBefore);
            transaction
                    .handle()
                    .execute("DELETE FROM suspect WHERE NOT EXISTS"
                            + " (SELECT 1 FROM message m WHERE m.seq = suspect.message_seq AND m.ended_at IS NULL)");
            store.sweep(transaction, rowsBefore);
            transaction
                    .handle()
                    .execute(
                            "DELETE FROM instance WHERE stopped_at < ? AND NOT EXISTS"
                                    + " (SELECT 1 FROM message m WHERE m.lease_owner = instance.id)",
                            rowsBefore);
        });
        return now;
    }

    private record Released(long seq, String port, long endedAt) {}

    private record Key(String port, String submitter, String key) {}

    /** Deletes in a transaction; returns the ids of chunks that are no longer referenced. */
    private interface Deletion<T> {
        List<String> delete(Transaction transaction, T what);
    }

    /** The result of a transaction: the index of the next item, and the chunks to delete after it. */
    private record Progress(int next, List<String> chunks) {}

    /** Deletes the pages that {@code find} returns, until it returns an empty page. */
    private <T> void deleteAll(Supplier<List<T>> find, Deletion<T> deletion) {
        List<T> page = find.get();
        while (!page.isEmpty()) {
            delete(page, deletion);
            page = find.get();
        }
    }

    private <T> void delete(List<T> page, Deletion<T> deletion) {
        int done = 0;
        while (done < page.size()) {
            int from = done;
            long asked = System.nanoTime();
            Progress progress = store.write(transaction -> {
                long until = System.nanoTime() + MAX_TRANSACTION_NANOS;
                List<String> chunks = new ArrayList<>();
                int next = from;
                do {
                    chunks.addAll(deletion.delete(transaction, page.get(next++)));
                } while (next < page.size() && next - from < MAX_AT_ONCE && System.nanoTime() - until < 0);
                return new Progress(next, chunks);
            });
            pause(System.nanoTime() - asked);
            progress.chunks().forEach(each -> bodies.delete(each, Upkeep::pause));
            done = progress.next();
        }
    }

    /** Pauses, so that writers in other processes can get the write lock: SQLite gives it to the first one that asks. */
    private static void pause(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, MAX_PAUSE_NANOS));
    }

    /** Messages that were released from hold. The search for ended messages may be past them already. */
    private List<Released> released() {
        return store.read(handle -> handle.createQuery("SELECT seq, port, ended_at FROM message WHERE held = 0 LIMIT ?")
                .bind(0, PAGE)
                .map((row, context) -> {
                    long ended = row.getLong(3);
                    return new Released(row.getLong(1), row.getString(2), row.wasNull() ? Long.MAX_VALUE : ended);
                })
                .list());
    }

    private List<String> afterRelease(Transaction transaction, Released message, Instant now) {
        if (message.endedAt() < now.minus(retention.messages(message.port())).toEpochMilli()) {
            return deleteRows(transaction, message.seq());
        }
        List<String> chunks =
                message.endedAt() < now.minus(retention.bodies(message.port())).toEpochMilli()
                        ? dropBodies(transaction, message.seq())
                        : List.of();
        transaction.handle().execute("UPDATE message SET held = NULL WHERE seq = ? AND held = 0", message.seq());
        return chunks;
    }

    /** Locks the row of a message, so that nobody puts it on hold until the transaction ends. False when it is on hold or deleted. */
    static boolean isDeletable(Transaction transaction, long seq) {
        return transaction
                .sql()
                .first(
                        row -> row.getLong(1),
                        "SELECT seq FROM message WHERE seq = ? AND coalesce(held, 0) = 0 <forUpdate>",
                        seq)
                .isPresent();
    }

    private static List<String> dropBodies(Transaction transaction, long seq) {
        return isDeletable(transaction, seq) ? EndedContent.dropRows(transaction, seq) : List.of();
    }

    private static List<String> deleteRows(Transaction transaction, long seq) {
        if (!isDeletable(transaction, seq)) {
            return List.of();
        }
        List<String> chunks = EndedContent.dropRows(transaction, seq);
        deleteMessage(transaction.handle(), seq);
        return chunks;
    }

    /** Deletes the message and its rows; the ledger keeps its records. */
    static void delete(Transaction transaction, long seq) {
        EndedContent.dropBodies(transaction, seq);
        deleteMessage(transaction.handle(), seq);
    }

    private static void deleteMessage(Handle handle, long seq) {
        handle.execute("DELETE FROM attempt WHERE message_seq = ?", seq);
        handle.execute("DELETE FROM delivery WHERE message_seq = ?", seq);
        handle.execute("DELETE FROM message WHERE seq = ?", seq);
    }

    private void deleteOrphans(long before) {
        String last = "";
        List<String> page = orphansAfter(last, before);
        while (!page.isEmpty()) {
            for (String id : page) {
                bodies.delete(id, Upkeep::pause);
                last = id;
            }
            page = orphansAfter(last, before);
        }
    }

    private List<String> orphansAfter(String last, long before) {
        return store.read(handle -> handle.createQuery("SELECT id FROM body b WHERE id > ? AND created_at < ?"
                        + " AND NOT EXISTS (SELECT 1 FROM part p WHERE p.body_id = b.id)"
                        + " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.sealed_id = b.id) ORDER BY id LIMIT ?")
                .bind(0, last)
                .bind(1, before)
                .bind(2, PAGE)
                .mapTo(String.class)
                .list());
    }
}
