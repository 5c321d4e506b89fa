package io.sendport.host.box;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Reply;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.Next;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Sql;
import io.sendport.host.store.Store;
import io.sendport.host.store.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    private static final String AND_NONE_UNDER_WAY =
            " AND NOT EXISTS (SELECT 1 FROM message u WHERE u.port = ? AND u.lease_owner IS NOT NULL)";

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;
    private final Transition transition;

    Claims(Store store, Ledger ledger, Clock clock, Transition transition) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.transition = transition;
    }

    /** Leases up to {@code most} messages of {@code port} that are due, oldest first. */
    public List<MessageRow> claim(String port, String instance, int most) {
        long now = clock.millis();
        return store.write(transaction -> {
            Sql sql = transaction.sql();
            List<MessageRow> due = sql.list(
                    row -> MessageRow.map(row, "becomes"),
                    "SELECT m.*, 'SENDING' AS becomes FROM message m WHERE m.port = ? AND m.queued = 1 AND m.due_at <= ?"
                            + " ORDER BY m.due_at, m.seq LIMIT ? <skipLocked>",
                    port,
                    now,
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
            // A submit that began earlier may come into sight behind one that is under way.
            oneAfterTheOther(transaction, port);
            return transaction
                    .handle()
                    .createQuery("UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE seq = "
                            + head(passing) + " AND queued = 1 AND due_at <= ?" + AND_NONE_UNDER_WAY + " RETURNING *")
                    .bind(0, instance)
                    .bind(1, port)
                    .bind(2, now)
                    .bind(3, port)
                    .map(MessageRow::map)
                    .list();
        });
    }

    /** The ports of which messages are to be tried though they are stopped. */
    public Set<String> forced() {
        return Set.copyOf(store.read(
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
            if (alone) {
                oneAfterTheOther(transaction, port);
            }
            return transaction
                    .handle()
                    .createQuery("UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE seq IN"
                            + " (SELECT seq FROM message WHERE port = ? AND forced = 1 AND queued = 1 AND due_at <= ?"
                            + " ORDER BY seq LIMIT ? <skipLocked>)"
                            + (alone ? AND_NONE_UNDER_WAY.replace("?", "message.port") : "")
                            + " RETURNING *")
                    .bind(0, instance)
                    .bind(1, port)
                    .bind(2, clock.millis())
                    .bind(3, most)
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
        return store.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM message WHERE seq = "
                        + head(passing) + " AND queued = 1 AND due_at <= ?)")
                .bind(0, port)
                .bind(1, clock.millis())
                .mapTo(Boolean.class)
                .one());
    }

    /** What holds up all others of {@code port} until a person acts, where it keeps the order. */
    public Optional<MessageRow> blocking(String port, boolean passing) {
        return store.read(handle -> handle.createQuery("SELECT * FROM message WHERE seq = " + head(passing)
                        + " AND state IN ('SUSPENDED', 'IN_DOUBT')")
                .bind(0, port)
                .map(MessageRow::map)
                .findOne());
    }

    private static String head(boolean passing) {
        return "(SELECT min(seq) FROM message WHERE port = ? AND ended_at IS NULL"
                + (passing ? " AND state <> 'SUSPENDED')" : ")");
    }

    /** Whether {@code port} has a message that is due. */
    public boolean hasDue(String port) {
        return store.read(handle -> handle.createQuery(
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
     * @return the number of messages taken over
     */
    public int takeOver(Function<MessageRow, Terms> terms) {
        List<Left> left = store.read(handle -> handle.createQuery("SELECT * FROM message WHERE lease_owner IN"
                        + " (SELECT id FROM instance WHERE stopped_at IS NOT NULL)")
                .map((row, context) -> new Left(MessageRow.map(row, context), row.getString("lease_owner")))
                .list());
        int taken = 0;
        for (Left each : left) {
            taken += store.write(transaction -> {
                boolean stillThere = Transition.isHeldBy(transaction.handle(), each.row(), each.owner());
                if (stillThere) {
                    takeOver(transaction, each.row(), each.owner(), terms.apply(each.row()), Duration.ZERO);
                }
                return stillThere ? 1 : 0;
            });
        }
        return taken;
    }

    private record Left(MessageRow row, String owner) {}

    private void takeOver(Transaction transaction, MessageRow row, String owner, Terms terms, Duration pause) {
        Handle handle = transaction.handle();
        List<OpenAttempt> open = handle.createQuery(
                        "SELECT delivery_no, no, instance FROM attempt WHERE message_seq = ? AND ended_at IS NULL")
                .bind(0, row.seq())
                .map((attempt, context) -> new OpenAttempt(attempt.getInt(1), attempt.getInt(2), attempt.getString(3)))
                .list();
        if (open.isEmpty()) {
            release(handle, row.seq(), owner, pause);
            return;
        }
        for (OpenAttempt attempt : open) {
            markInDoubt(transaction, row, attempt);
        }
        List<RecipientResult> all = Deliveries.recipients(handle, row.seq());
        Next next = Decision.after(all, terms, row.tries(), row.submittedAt(), clock.instant(), Advice.NONE);
        Next soon = next instanceof Next.Retry ? new Next.Retry(clock.instant()) : next;
        transition.apply(transaction, row, soon, clock.instant(), 0);
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

    private record OpenAttempt(int delivery, int no, String instance) {}

    private void markInDoubt(Transaction transaction, MessageRow row, OpenAttempt attempt) {
        Handle handle = transaction.handle();
        DeliveryRow delivery = Deliveries.one(handle, row.seq(), attempt.delivery());
        Reply reply = Reply.none("instance " + attempt.instance() + " died or failed while the attempt was under way");
        List<RecipientResult> doubtful = new ArrayList<>();
        for (RecipientResult each : delivery.recipients()) {
            doubtful.add(
                    each.outcome() == Outcome.ACCEPTED
                            ? each
                            : new RecipientResult(each.address(), Outcome.IN_DOUBT, Phase.FINAL_REPLY, reply));
        }
        Instant now = clock.instant();
        handle.execute(
                "UPDATE delivery SET recipients = ? WHERE message_seq = ? AND no = ?",
                RecipientsJson.write(doubtful),
                row.seq(),
                attempt.delivery());
        handle.execute(
                "UPDATE attempt SET ended_at = ?, result = ? WHERE message_seq = ? AND delivery_no = ? AND no = ?",
                now.toEpochMilli(),
                AttemptJson.write(doubtful, "", "", "", "", 0, List.of()),
                row.seq(),
                attempt.delivery(),
                attempt.no());
        ledger.append(
                transaction,
                Entry.of(Kind.IN_DOUBT)
                        .about(row.id(), row.port(), Transition.nextStep(handle, row.seq()))
                        .header("host", row.host())
                        .header("instance", attempt.instance())
                        .header("delivery", attempt.delivery())
                        .header("attempt", attempt.no())
                        .header("sha256", delivery.sha256())
                        .recipients(delivery.open())
                        .detail("mimeMessageId", row.mimeMessageId())
                        .detail("detail", reply.text()));
    }
}
