package io.sendport.host.box;

import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Moves a message from one state to the next, in the transaction of the cause. */
final class Transition {

    private final Ledger ledger;
    private final Acknowledgements acknowledgements;
    private final Retention retention;

    /**
     * Records on {@code ledger}.
     *
     * @param retention how long bodies are kept after a message has ended
     */
    Transition(Ledger ledger, Acknowledgements acknowledgements, Retention retention) {
        this.ledger = ledger;
        this.acknowledgements = acknowledgements;
        this.retention = retention;
    }

    /** Handles the end of a message: deletes its bodies if its port does not keep them. */
    void ended(Transaction transaction, MessageRow row) {
        if (retention.bodies(row.port()).isZero()) {
            EndedContent.dropBodies(transaction, row.seq());
        }
    }

    /**
     * Whether {@code instance} has claimed the message: by a lease, or in memory if nobody has changed the message since. Locks the
     * message until this transaction ends.
     */
    static boolean isClaimedBy(Handle handle, MessageRow row, String instance) {
        return handle.execute(
                        "UPDATE message SET steps = steps"
                                + " WHERE seq = ? AND (lease_owner = ? OR (queued = 1 AND steps = ?))",
                        row.seq(),
                        instance,
                        row.stepsIfUnleased())
                == 1;
    }

    /** Increments the steps of the message, and returns the result: the number of its next record. */
    static long nextStep(Handle handle, long seq) {
        return handle.createQuery("UPDATE message SET steps = steps + 1 WHERE seq = ? RETURNING steps")
                .bind(0, seq)
                .mapTo(Long.class)
                .one();
    }

    /**
     * Moves the message to the state that the decision requires.
     *
     * @param records how many records of the message are not counted in its row yet
     */
    void apply(Transaction transaction, MessageRow row, NextAction next, Instant now, int records) {
        Handle handle = transaction.handle();
        if (next instanceof NextAction.Done) {
            move(transaction.sql(), row, MessageState.DONE, now, null, now, records);
            acknowledgements.acknowledge(transaction, row, true, "", now);
            ended(transaction, row);
        } else if (next instanceof NextAction.Retry retry) {
            move(transaction.sql(), row, MessageState.RETRYING, retry.at(), lastError(handle, row), null, records);
            if (!retry.spends()) {
                handle.execute("UPDATE message SET attempts = attempts - 1 WHERE seq = ?", row.seq());
            }
        } else if (next instanceof NextAction.Backup backup) {
            move(transaction.sql(), row, MessageState.RETRYING, now, backup.why(), null, records);
            handle.execute("UPDATE message SET transport = 1, attempts_before = attempts WHERE seq = ?", row.seq());
        } else if (next instanceof NextAction.Hold hold) {
            move(transaction.sql(), row, MessageState.IN_DOUBT, now, hold.why(), null, records);
        } else if (next instanceof NextAction.Suspend suspend) {
            suspend(transaction, row, suspend, now, Entry.of(Kind.SUSPENDED).header("host", row.host()), records);
        }
    }

    void suspend(
            Transaction transaction,
            MessageRow row,
            NextAction.Suspend suspend,
            Instant now,
            Entry entry,
            int records) {
        Handle handle = transaction.handle();
        move(transaction.sql(), row, MessageState.SUSPENDED, now, suspend.why(), null, records);
        handle.execute("UPDATE message SET resumable = ? WHERE seq = ?", suspend.resumable() ? 1 : 0, row.seq());
        ledger.append(
                transaction,
                entry.about(row.id(), row.port(), nextStep(handle, row.seq())).detail("detail", suspend.why()));
        acknowledgements.acknowledge(transaction, row, false, suspend.why(), now);
    }

    /**
     * @param records how many records of the message are not counted in its row yet
     */
    static void move(
            Sql sql,
            MessageRow row,
            MessageState state,
            Instant dueAt,
            @Nullable String error,
            @Nullable Instant endedAt,
            int records) {
        sql.change(
                "UPDATE message SET state = ?, queued = ?, due_at = ?, last_error = coalesce(?, last_error), ended_at = ?,"
                        + " lease_owner = NULL, forced = 0, steps = steps + ? WHERE seq = ?",
                state.name(),
                state == MessageState.RETRYING ? 1 : 0,
                dueAt.toEpochMilli(),
                error == null ? null : Text.visible(error),
                endedAt == null ? null : endedAt.toEpochMilli(),
                records,
                row.seq());
    }

    /** The text for the last error. It names refusals first, because they are final even while other recipients are retried. */
    private static @Nullable String lastError(Handle handle, MessageRow row) {
        List<RecipientResult> all = Deliveries.recipients(handle, row.seq());
        List<RecipientResult> refused =
                all.stream().filter(each -> each.outcome() == Outcome.REFUSED).toList();
        String retried = all.stream()
                .filter(each -> each.outcome() == Outcome.DEFERRED || each.outcome() == Outcome.IN_DOUBT)
                .map(RecipientResult::described)
                .findFirst()
                .orElse(null);
        return refused.isEmpty()
                ? retried
                : "refused: " + Decision.reasons(refused) + "; retrying the others: " + retried;
    }
}
