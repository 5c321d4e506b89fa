package io.sendport.host.box;

import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.Transaction;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What an operator may do to a message. Each act is recorded with who and why, in the transaction of the change. */
public final class Acts {

    /**
     * What is done to a message.
     *
     * @param kind as it is recorded
     * @param error what the message then shows as its last error; null leaves that
     * @param state the next state, in SQL
     * @param queued whether it is due at once, with all retries before it
     * @param ends whether it is over with that
     * @param forced whether it is tried though its port is stopped
     * @param condition of what it can be done to, in SQL
     * @param otherwise why it could not be done
     */
    private record Act(
            Kind kind,
            @Nullable String error,
            String state,
            boolean queued,
            boolean ends,
            boolean forced,
            String condition,
            String otherwise) {}

    private static final Act SUSPEND = new Act(
            Kind.SUSPENDED,
            "suspended by an operator",
            "'SUSPENDED'",
            false,
            false,
            false,
            "state IN ('WAITING', 'RETRYING')",
            "only what waits can be suspended");
    private static final Act RESUME = new Act(
            Kind.RESUMED,
            null,
            "CASE WHEN attempts = 0 THEN 'WAITING' ELSE 'RETRYING' END",
            true,
            false,
            false,
            "(state IN ('SUSPENDED', 'IN_DOUBT') AND resumable = 1) OR state = 'RETRYING'",
            "only what is suspended, in doubt or retrying can be resumed");
    private static final Act FORCE = new Act(
            Kind.RESUMED,
            null,
            "CASE WHEN attempts = 0 THEN 'WAITING' ELSE 'RETRYING' END",
            true,
            false,
            true,
            "(state IN ('SUSPENDED', 'IN_DOUBT') AND resumable = 1) OR state IN ('WAITING', 'RETRYING')",
            "only what has not ended and is not being sent can be forced");
    private static final Act TERMINATE = new Act(
            Kind.TERMINATED,
            null,
            "'TERMINATED'",
            false,
            true,
            false,
            "state IN ('WAITING', 'RETRYING', 'SUSPENDED', 'IN_DOUBT')",
            "it is being sent, or has ended");
    private static final Act ROUTED = new Act(
            Kind.TERMINATED, null, "'TERMINATED'", false, true, false, "state = 'SUSPENDED'", "a person was quicker");
    private static final Act RESOLVE = new Act(
            Kind.RESOLVED,
            null,
            "'DONE'",
            false,
            true,
            false,
            "state = 'IN_DOUBT' OR (state = 'SUSPENDED' AND EXISTS (SELECT 1 FROM delivery d WHERE d.message_seq = message.seq"
                    + " AND d.recipients LIKE '%IN_DOUBT%'))",
            "only what is in doubt can be resolved");

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
     * Keeps a message from being sent until it is resumed.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> suspend(MessageRow row, Actor actor) {
        return act(row, actor, SUSPEND);
    }

    /**
     * Lets a message be tried at once, with all retries before it and over the first transport: one that is suspended, in doubt or
     * waiting for its next attempt. One that is suspended is offered again to those who refused it too.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> resume(MessageRow row, Actor actor) {
        return act(row, actor, RESUME);
    }

    /**
     * As {@link #resume}, and tries it once though its port is stopped, or keeps an order in which others come first.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> force(MessageRow row, Actor actor) {
        return act(row, new Actor(actor.name(), ("forced; " + actor.reason()).replaceFirst("; $", "")), FORCE);
    }

    /**
     * Ends a message that is not being sent this moment.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> terminate(MessageRow row, Actor actor) {
        return act(row, actor, TERMINATE);
    }

    /** Ends a suspended message of which copies went to whoever subscribes to failures. */
    public void routed(MessageRow row, Actor actor) {
        Optional<String> fault = act(row, actor, ROUTED);
        if (fault.isPresent()) {
            throw new IllegalStateException(fault.get());
        }
    }

    /**
     * Has a message assembled anew by its pipeline, and tried at once: nobody must have it yet, nor perhaps have it.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> reassemble(MessageRow row, Actor actor) {
        return store.write(transaction -> {
            Handle handle = transaction.handle();
            // Nobody claims it while its recipients are looked at.
            handle.execute("UPDATE message SET steps = steps WHERE seq = ?", row.seq());
            List<RecipientResult> known = Deliveries.recipients(handle, row.seq());
            for (RecipientResult each : known) {
                if (each.outcome() == Outcome.ACCEPTED || each.outcome() == Outcome.IN_DOUBT) {
                    return Optional.of("message " + row.id() + " can't be assembled anew: " + each.address()
                            + (each.outcome() == Outcome.ACCEPTED ? " has it" : " may have it")
                            + "; resubmit it to the others");
                }
            }
            if (Deliveries.wasInDoubt(handle, row.seq())) {
                return Optional.of("message " + row.id()
                        + " can't be assembled anew: an earlier attempt is in doubt, so somebody may have it");
            }
            Optional<String> fault = act(transaction, row, actor, RESUME);
            if (fault.isEmpty()) {
                Deliveries.forget(handle, row.seq());
            }
            return fault;
        });
    }

    /**
     * Records that a message in doubt was found to have arrived, and ends it.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> resolveDelivered(MessageRow row, Actor actor) {
        return act(row, actor, RESOLVE);
    }

    /** Records that somebody read the content of a message. */
    public void read(MessageRow row, Actor actor) {
        store.change(transaction -> append(transaction, row, actor, Kind.READ));
    }

    private Optional<String> act(MessageRow row, Actor actor, Act act) {
        return store.write(transaction -> act(transaction, row, actor, act));
    }

    private Optional<String> act(Transaction transaction, MessageRow row, Actor actor, Act act) {
        int queued = act.queued() ? 1 : 0;
        // Nobody changes it until this transaction ends.
        boolean wasSuspended = transaction
                        .handle()
                        .execute("UPDATE message SET steps = steps WHERE seq = ? AND state = 'SUSPENDED'", row.seq())
                == 1;
        int changed = transaction
                .handle()
                .createUpdate("UPDATE message SET state = " + act.state()
                        + ", queued = ?, transport = CASE WHEN ? = 1 THEN 0 ELSE transport END, attempts_before = CASE WHEN ? = 1 THEN attempts ELSE"
                        + " attempts_before END, due_at = CASE WHEN ? = 1 THEN ? ELSE due_at END,"
                        + " last_error = coalesce(?, last_error), ended_at = ?, forced = ? WHERE seq = ? AND ("
                        + act.condition()
                        + ")")
                .bind(0, queued)
                .bind(1, queued)
                .bind(2, queued)
                .bind(3, queued)
                .bind(4, clock.millis())
                .bind(5, act.error())
                .bind(6, act.ends() ? clock.millis() : null)
                .bind(7, act.forced() ? 1 : 0)
                .bind(8, row.seq())
                .execute();
        if (changed == 0) {
            String now = transaction
                    .handle()
                    .createQuery("SELECT state FROM message WHERE seq = ?")
                    .bind(0, row.seq())
                    .mapTo(String.class)
                    .one();
            return Optional.of(
                    "message " + row.id() + " is " + MessageState.valueOf(now).word() + ": " + act.otherwise());
        }
        if (act.ends()) {
            transition.ended(transaction, row);
        }
        if (act.queued()) {
            if (wasSuspended) {
                Deliveries.reopen(transaction.handle(), row.seq());
            }
            transaction.bringsWork();
        }
        append(transaction, row, actor, act.kind());
        return Optional.empty();
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
