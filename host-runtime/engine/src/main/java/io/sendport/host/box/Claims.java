package io.sendport.host.box;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.message.MessageId;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.Next;
import io.sendport.host.decide.Terms;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Who may send what now. A claim is a lease and nothing more: what was claimed and never attempted goes back unharmed, and only an
 * attempt that was open when its instance died is in doubt.
 */
public final class Claims {

    /** What is given back after a failure is not tried again at once, so that it can't fail without end at full speed. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** From the moment on that a person stops a port nothing is claimed for it, whenever its host notices. */
    static final String AND_NOT_STOPPED =
            " AND NOT EXISTS (SELECT 1 FROM port_state s WHERE s.port = ? AND s.state <> 'STARTED')";

    static final String AND_NONE_UNDER_WAY =
            " AND NOT EXISTS (SELECT 1 FROM message u WHERE u.port = ? AND u.lease_owner IS NOT NULL)";

    private final Store store;
    private final Clock clock;
    private final OpenAttempts openAttempts;
    private final Transition transition;

    Claims(Store store, Clock clock, OpenAttempts openAttempts, Transition transition) {
        this.store = store;
        this.clock = clock;
        this.openAttempts = openAttempts;
        this.transition = transition;
    }

    /** Leases up to {@code most} messages of {@code port} that are due, oldest first. */
    public List<MessageRow> claim(String port, String instance, int most) {
        long now = clock.millis();
        return store.write(transaction -> {
            transaction.requireClaims();
            Sql sql = transaction.sql();
            List<MessageRow> due = sql.list(
                    row -> MessageRow.map(row, "becomes"),
                    "SELECT m.*, 'SENDING' AS becomes FROM message m WHERE m.port = ? AND m.queued = 1 AND m.due_at <= ?"
                            + AND_NOT_STOPPED + " ORDER BY m.due_at, m.seq LIMIT ? <skipLocked>",
                    port,
                    now,
                    port,
                    most);
            for (MessageRow each : due) {
                sql.change(
                        "UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE seq = ?",
                        instance,
                        each.seq());
            }
            return due;
        });
    }

    /**
     * Leases the first message of {@code port} that has not ended, if it is due: for ports that keep the order. While it is under way,
     * waits for its next attempt or for a person, there is no other.
     *
     * @param passing whether one that is suspended counts as ended
     */
    public List<MessageRow> claimHead(String port, String instance, boolean passing) {
        long now = clock.millis();
        return store.write(transaction -> {
            transaction.requireClaims();
            // A submit that began earlier may come into sight behind one that is under way.
            oneAfterTheOther(transaction, port);
            return transaction
                    .handle()
                    .createQuery("UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE seq = "
                            + head(passing) + " AND queued = 1 AND due_at <= ?" + AND_NONE_UNDER_WAY + AND_NOT_STOPPED
                            + " RETURNING *")
                    .bind(0, instance)
                    .bind(1, port)
                    .bind(2, now)
                    .bind(3, port)
                    .bind(4, port)
                    .map(MessageRow::map)
                    .list();
        });
    }

    /** The ports of which messages are to be tried though they are stopped. */
    public Set<String> forced() {
        return Set.copyOf(store.glance(
                handle -> handle.createQuery("SELECT DISTINCT port FROM message WHERE forced = 1 AND queued = 1")
                        .mapTo(String.class)
                        .list()));
    }

    /**
     * Leases messages of {@code port} that are to be tried though it is stopped, oldest first.
     *
     * @param alone whether one only is to be under way at the port
     */
    public List<MessageRow> claimForced(String port, String instance, int most, boolean alone) {
        return store.write(transaction -> {
            transaction.requireClaims();
            if (alone) {
                oneAfterTheOther(transaction, port);
            }
            return transaction
                    .handle()
                    // Chosen once: PostgreSQL may run a subquery again for each row, and take more than its limit.
                    .createQuery("WITH chosen AS MATERIALIZED (SELECT seq FROM message WHERE port = ? AND forced = 1"
                            + " AND queued = 1 AND due_at <= ? ORDER BY seq LIMIT ? <skipLocked>)"
                            + " UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ?"
                            + " WHERE seq IN (SELECT seq FROM chosen)"
                            + (alone ? AND_NONE_UNDER_WAY.replace("?", "message.port") : "")
                            + " RETURNING *")
                    .bind(0, port)
                    .bind(1, clock.millis())
                    .bind(2, most)
                    .bind(3, instance)
                    .map(MessageRow::map)
                    .list();
        });
    }

    /** Who claims at a port that keeps an order waits for whoever else does. */
    private static void oneAfterTheOther(Transaction transaction, String port) {
        transaction.handle().execute("UPDATE port_state SET at = at WHERE port = ?", port);
    }

    /** Whether {@link #claimHead} would find one. */
    public boolean hasDueHead(String port, boolean passing) {
        return store.glance(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM message WHERE seq = "
                        + head(passing) + " AND queued = 1 AND due_at <= ?)")
                .bind(0, port)
                .bind(1, clock.millis())
                .mapTo(Boolean.class)
                .one());
    }

    /** What holds up all others of {@code port} until a person acts, where it keeps the order. */
    public Optional<MessageRow> blocking(String port, boolean passing) {
        return store.glance(handle -> handle.createQuery("SELECT * FROM message WHERE seq = " + head(passing)
                        + " AND state IN ('SUSPENDED', 'IN_DOUBT')")
                .bind(0, port)
                .map(MessageRow::map)
                .findOne());
    }

    static String head(boolean passing) {
        return "(SELECT min(seq) FROM message WHERE port = ? AND ended_at IS NULL"
                + (passing ? " AND state <> 'SUSPENDED')" : ")");
    }

    /** Whether {@code port} has a message that is due. */
    public boolean hasDue(String port) {
        return store.glance(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM message WHERE port = ? AND queued = 1 AND due_at <= ?)")
                .bind(0, port)
                .bind(1, clock.millis())
                .mapTo(Boolean.class)
                .one());
    }

    /** Gives back what {@code instance} claimed and did not attempt; it may be claimed again after {@code pause}. */
    public void release(List<MessageRow> rows, String instance, Duration pause) {
        store.change(transaction -> rows.forEach(row -> release(transaction.handle(), row.seq(), instance, pause)));
    }

    private void release(Handle handle, long seq, String instance, Duration pause) {
        long earliest = pause.isZero() ? 0 : clock.millis() + pause.toMillis();
        handle.execute(
                "UPDATE message SET state = CASE WHEN attempts = 0 THEN 'WAITING' ELSE 'RETRYING' END, queued = 1, lease_owner = NULL,"
                        + " due_at = CASE WHEN due_at < ? THEN ? ELSE due_at END"
                        + " WHERE seq = ? AND state = 'SENDING' AND lease_owner = ?",
                earliest,
                earliest,
                seq,
                instance);
    }

    /**
     * Gives up work on a message that {@code instance} has in hand, after a failure whose point is not known: an attempt that is open is
     * in doubt, else the message is released. Nothing happens when the message is no longer in its hand.
     */
    public void abandon(MessageRow row, String instance, Terms terms) {
        store.change(transaction -> {
            if (Transition.isHeldBy(transaction.handle(), row, instance)) {
                takeOver(transaction, row, instance, terms, PAUSE);
            }
        });
    }

    /**
     * Takes over what instances that stopped left: an attempt that was open is in doubt first, and then goes by the port's rule; what was
     * merely claimed is released.
     *
     * @param terms what a message may still expect at its port
     * @param alone whether what was merely claimed is to run alone, since it may have been what ended its process
     * @return what was taken over
     */
    public List<Taken> takeOver(Function<MessageRow, Terms> terms, boolean alone) {
        List<Left> left = store.read(handle -> handle.createQuery("SELECT * FROM message WHERE lease_owner IN"
                        + " (SELECT id FROM instance WHERE stopped_at IS NOT NULL)")
                .map((row, context) -> new Left(MessageRow.map(row, context), row.getString("lease_owner")))
                .list());
        List<Taken> taken = new ArrayList<>();
        for (Left each : left) {
            taken.addAll(store.write(transaction -> {
                if (!Transition.isHeldBy(transaction.handle(), each.row(), each.owner())) {
                    return List.<Taken>of();
                }
                boolean attempted =
                        takeOver(transaction, each.row(), each.owner(), terms.apply(each.row()), Duration.ZERO);
                if (alone && !attempted) {
                    // Before anybody can claim it as any other.
                    transaction
                            .handle()
                            .execute(
                                    "UPDATE message SET queued = 2 WHERE seq = ?",
                                    each.row().seq());
                }
                return List.of(new Taken(each.row().id(), each.owner(), attempted));
            }));
        }
        return taken;
    }

    /** As {@link #takeOver(Function, boolean)}, where it is known otherwise what was in a pipeline. */
    public List<Taken> takeOver(Function<MessageRow, Terms> terms) {
        return takeOver(terms, false);
    }

    private record Left(MessageRow row, String owner) {}

    /**
     * A message that was taken over.
     *
     * @param message its name
     * @param owner the instance that had it in hand
     * @param attempted whether an attempt was open, and is in doubt now
     */
    public record Taken(MessageId message, String owner, boolean attempted) {}

    /** What {@code instance} has leased. */
    public List<MessageRow> leasedBy(String instance) {
        return store.glance(handle -> handle.createQuery("SELECT * FROM message WHERE lease_owner = ?")
                .bind(0, instance)
                .map(MessageRow::map)
                .list());
    }

    /**
     * Makes due what waits for a time that the clock will not reach soon, since it was ahead when the message came: at a start, where no
     * other process runs. What waits for its first attempt is due at once, what is retried after at most {@code longestWait}.
     *
     * @param longestWait of a port between two attempts
     * @return how many messages are due earlier
     */
    public int dueAtStart(Function<String, Duration> longestWait) {
        long now = clock.millis();
        int changed = store.write(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE message SET due_at = ? WHERE state = 'WAITING' AND queued = 1 AND due_at > ?",
                        now,
                        now));
        List<String> ports = store.read(handle -> handle.createQuery(
                        "SELECT DISTINCT port FROM message WHERE state = 'RETRYING' AND queued = 1 AND due_at > ?")
                .bind(0, now)
                .mapTo(String.class)
                .list());
        for (String port : ports) {
            long latest = now + longestWait.apply(port).toMillis();
            changed += store.write(transaction -> transaction
                    .handle()
                    .execute(
                            "UPDATE message SET due_at = ? WHERE port = ? AND state = 'RETRYING' AND queued = 1 AND due_at > ?",
                            latest,
                            port,
                            latest));
        }
        return changed;
    }

    /** Whether an attempt was open. */
    private boolean takeOver(Transaction transaction, MessageRow row, String owner, Terms terms, Duration pause) {
        Handle handle = transaction.handle();
        if (openAttempts.putInDoubt(transaction, row) == 0) {
            release(handle, row.seq(), owner, pause);
            return false;
        }
        // An attempt may have begun after the row was read.
        MessageRow now = bySeq(handle, row.seq());
        List<RecipientResult> all = Deliveries.recipients(handle, row.seq());
        Next next = Decision.after(all, terms, now.tries(), now.submittedAt(), clock.instant(), Advice.NONE);
        Next soon = next instanceof Next.Retry ? new Next.Retry(clock.instant()) : next;
        transition.apply(transaction, now, soon, clock.instant(), 0);
        return true;
    }

    /** The message of that number, which may be gone. */
    static Optional<MessageRow> findBySeq(Handle handle, long seq) {
        return handle.createQuery("SELECT * FROM message WHERE seq = ?")
                .bind(0, seq)
                .map(MessageRow::map)
                .findOne();
    }

    static MessageRow bySeq(Handle handle, long seq) {
        return handle.createQuery("SELECT * FROM message WHERE seq = ?")
                .bind(0, seq)
                .map(MessageRow::map)
                .one();
    }

    /**
     * Moves when waiting messages are due, after the clock was set back.
     *
     * @param step by how much, negative
     * @return how many waited for a time that would have come as much later
     */
    public int bringForward(Duration step) {
        long now = clock.millis();
        return store.write(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE message SET due_at = CASE WHEN due_at + ? > ? THEN due_at + ? ELSE ? END"
                                + " WHERE queued = 1 AND ended_at IS NULL AND due_at > ?",
                        step.toMillis(),
                        now,
                        step.toMillis(),
                        now,
                        now));
    }
}
