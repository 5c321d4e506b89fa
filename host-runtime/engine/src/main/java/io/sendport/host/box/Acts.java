package io.sendport.host.box;

import io.sendport.api.adapter.Outcome;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * The acts of operators on single messages. Each act is recorded with the actor and the reason, in the transaction of the change.
 */
public final class Acts {

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;
    private final Transition transition;

    Acts(Store store, Ledger ledger, Clock clock, Transition transition) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.transition = transition;
    }

    /**
     * Performs an act on a message, if {@link MessageAct} allows it now.
     *
     * @return why it was not done; empty when it was done
     */
    public Optional<String> act(MessageAct act, MessageRow row, Actor actor) {
        return store.write(transaction -> act(transaction, act, row, OptionalLong.empty(), actor));
    }

    /**
     * Performs an act as {@link #act(MessageAct, MessageRow, Actor)} does, but only if the message has not changed since {@code row} was
     * read.
     */
    public Optional<String> actIfUnchanged(MessageAct act, MessageRow row, Actor actor) {
        return store.write(transaction -> act(transaction, act, row, OptionalLong.of(row.steps()), actor));
    }

    /** Suspends a message of a backup, with the reason of {@code actor} as its error. */
    public Optional<String> suspendRestored(MessageRow row, Actor actor) {
        return store.write(transaction -> {
            Optional<String> refused = act(transaction, MessageAct.SUSPEND, row, OptionalLong.empty(), actor);
            if (refused.isEmpty()) {
                transaction
                        .handle()
                        .execute("UPDATE message SET last_error = ? WHERE seq = ?", actor.reason(), row.seq());
            }
            return refused;
        });
    }

    /** Records that an operator read the content of a message. */
    public void recordRead(MessageRow row, Actor actor) {
        store.change(transaction -> append(transaction, row, actor, Kind.READ));
    }

    /**
     * Performs an act within {@code transaction}.
     *
     * @param steps how often the message had changed when the caller read it; empty skips this check
     * @return why it was not done; empty when it was done
     */
    public Optional<String> act(
            Transaction transaction, MessageAct act, MessageRow row, OptionalLong steps, Actor actor) {
        Handle handle = transaction.handle();
        // Locks the row: nobody changes the message until this transaction ends.
        if (handle.execute("UPDATE message SET steps = steps WHERE seq = ?", row.seq()) == 0) {
            return Optional.of(
                    "message " + row.id() + " no longer exists: it ended, and retention or an erasure deleted it");
        }
        MessageRow now = Claims.bySeq(handle, row.seq());
        if (steps.isPresent() && steps.getAsLong() != now.steps()) {
            return Optional.of(
                    "message " + row.id() + " has changed since you looked at it; nothing was done. Look again");
        }
        if (!act.fits(now, () -> Deliveries.seen(handle, row.seq()))) {
            return Optional.of(refusal(handle, act, now));
        }
        if (act.isAboutKeeping()) {
            keep(transaction, act, now, actor);
            append(transaction, now, actor, act.kind());
            return Optional.empty();
        }
        MessageState next = act.target().of(now);
        change(handle, act, now, next);
        if (next.isEnd()) {
            transition.ended(transaction, now);
        }
        if (act.target() == MessageAct.Target.QUEUED) {
            if (act == MessageAct.REASSEMBLE) {
                Deliveries.forget(handle, now.seq());
            } else if (now.state() == MessageState.SUSPENDED) {
                Deliveries.reopen(handle, now.seq());
            }
            transaction.signalWork();
        }
        append(transaction, now, recordedActor(act, actor), act.kind());
        return Optional.empty();
    }

    private void keep(Transaction transaction, MessageAct act, MessageRow row, Actor actor) {
        boolean isHeld = act == MessageAct.HOLD;
        transaction
                .handle()
                .execute(
                        "UPDATE message SET held = ?, held_at = ?, held_by = ?, held_why = ? WHERE seq = ?",
                        isHeld ? 1 : 0,
                        isHeld ? clock.millis() : null,
                        isHeld ? actor.name() : null,
                        isHeld ? actor.reason() : null,
                        row.seq());
        if (!isHeld && row.state().isEnd()) {
            transition.ended(transaction, row);
        }
    }

    private void change(Handle handle, MessageAct act, MessageRow row, MessageState next) {
        boolean queued = act.target() == MessageAct.Target.QUEUED;
        handle.createUpdate(
                        "UPDATE message SET state = ?, queued = ?, transport = CASE WHEN ? = 1 THEN 0 ELSE transport END,"
                                + " attempts_before = CASE WHEN ? = 1 THEN attempts ELSE attempts_before END,"
                                + " due_at = CASE WHEN ? = 1 THEN ? ELSE due_at END,"
                                + " last_error = coalesce(?, last_error), ended_at = ?, forced = ? WHERE seq = ?")
                .bind(0, next.name())
                .bind(1, queued ? 1 : 0)
                .bind(2, queued ? 1 : 0)
                .bind(3, queued ? 1 : 0)
                .bind(4, queued ? 1 : 0)
                .bind(5, clock.millis())
                .bind(6, act == MessageAct.SUSPEND ? "suspended by an operator" : null)
                .bind(7, next.isEnd() ? clock.millis() : null)
                .bind(8, act == MessageAct.FORCE ? 1 : 0)
                .bind(9, row.seq())
                .execute();
    }

    private static String refusal(Handle handle, MessageAct act, MessageRow now) {
        boolean resumes = act == MessageAct.RESUME || act == MessageAct.FORCE || act == MessageAct.REASSEMBLE;
        if (!now.resumable()
                && resumes
                && (now.state() == MessageState.SUSPENDED || now.state() == MessageState.IN_DOUBT)) {
            return "message " + now.id() + " cannot be resumed, because port " + now.port()
                    + " keeps the order and has gone on to later messages. To send it after them: `sendport messages"
                    + " resubmit " + now.id() + "`; to end it: `sendport messages terminate " + now.id() + "`";
        }
        String why = act == MessageAct.REASSEMBLE
                ? Deliveries.recipients(handle, now.seq()).stream()
                        .filter(each -> each.outcome() == Outcome.ACCEPTED || each.outcome() == Outcome.IN_DOUBT)
                        .findFirst()
                        .map(
                                each -> "a recipient "
                                        + (each.outcome() == Outcome.ACCEPTED
                                                ? "has received it"
                                                : "may have received it")
                                        + ", so it cannot be assembled again; to send a new mail to all recipients, resubmit it")
                        .orElse(act.refusal())
                : act.refusal();
        return act.isAboutKeeping()
                ? "message " + now.id() + ": " + why
                : "message " + now.id() + " is " + now.state().word() + ": " + why;
    }

    private static Actor recordedActor(MessageAct act, Actor actor) {
        return act == MessageAct.FORCE
                ? new Actor(actor.name(), ("forced; " + actor.reason()).replaceFirst("; $", ""))
                : actor;
    }

    private void append(Transaction transaction, MessageRow row, Actor actor, Kind kind) {
        ledger.append(
                transaction,
                Entry.of(kind)
                        .header("host", row.host())
                        .about(row.id(), row.port(), Transition.nextStep(transaction.handle(), row.seq()))
                        .detail("actor", actor.name())
                        .detail("reason", actor.reason()));
    }
}
