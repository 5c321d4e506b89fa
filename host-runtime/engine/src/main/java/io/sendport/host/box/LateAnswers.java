package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.box.json.AttemptJson;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/**
 * Handles answers of a relay that reach an instance after it was declared dead. By then another instance has put the attempt in
 * doubt. The late answer still counts: it is recorded, and recipients that accepted are done. If no instance has continued with the
 * message, the answer decides its next action.
 */
public final class LateAnswers {

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;
    private final Transition transition;

    LateAnswers(Store store, Ledger ledger, Clock clock, Transition transition) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.transition = transition;
    }

    /**
     * Decides the next action from the current message and the results of all its recipients.
     *
     * @see io.sendport.host.decide.Decision#after
     */
    public interface Rule extends BiFunction<MessageRow, List<RecipientResult>, NextAction> {}

    /**
     * Records the result of an attempt that another instance has put in doubt. An answer that leaves it in doubt adds nothing and
     * is not recorded.
     *
     * @param row the message, as the instance knew it
     * @param attempt the attempt's number
     * @param instance the instance that made the attempt
     * @param rule maps the current message and all its recipients to the next action
     * @return the next action; empty when another instance or an operator decides it
     */
    public Optional<NextAction> settle(
            MessageRow row, Delivery delivery, int attempt, String instance, DeliveryResult result, Rule rule) {
        if (result.recipients().stream().allMatch(each -> each.outcome() == Outcome.IN_DOUBT)) {
            return Optional.empty();
        }
        return store.write(
                transaction -> settle(transaction, row, new Answer(delivery, attempt, instance, result), rule));
    }

    private record Answer(Delivery delivery, int attempt, String instance, DeliveryResult result) {}

    private Optional<NextAction> settle(Transaction transaction, MessageRow row, Answer answer, Rule rule) {
        Handle handle = transaction.handle();
        // Locks the row: nobody changes the message until this transaction ends.
        if (handle.execute("UPDATE message SET steps = steps WHERE seq = ?", row.seq()) == 0) {
            // The message ended so long ago that it was deleted.
            ledger.append(transaction, entry(row, answer, Optional.empty(), "the message no longer exists"));
            return Optional.empty();
        }
        FirstAttempt.spread(transaction.sql(), row.seq());
        if (!isInDoubt(transaction.sql(), row.seq(), answer)) {
            return Optional.empty();
        }
        long step = Transition.nextStep(handle, row.seq());
        MessageRow now = Claims.bySeq(handle, row.seq());
        List<RecipientResult> before = Deliveries.recipients(handle, row.seq());
        List<RecipientResult> all = merge(transaction.sql(), row.seq(), answer);
        Optional<NextAction> next =
                isUnderWay(handle, row.seq()) || Set.copyOf(all).equals(Set.copyOf(before))
                        ? Optional.empty()
                        : Optional.of(rule.apply(now, all)).filter(each -> applies(now.state(), each));
        String nextText = next.map(AttemptEnd::describe)
                .orElse("the message stays " + now.state().word());
        ledger.append(transaction, entry(row, answer, next, nextText).about(row.id(), row.port(), step));
        next.ifPresent(what -> transition.apply(transaction, now, what, clock.instant(), 0));
        return next;
    }

    private static Entry entry(MessageRow row, Answer answer, Optional<NextAction> next, String nextText) {
        return Entry.of(AttemptEnd.kind(answer.result(), next))
                .by(row.host(), answer.instance())
                .header("delivery", answer.delivery().number())
                .header("attempt", answer.attempt())
                .header("sha256", answer.delivery().sha256())
                .header("size", answer.delivery().mail().size())
                .detail("mimeMessageId", answer.delivery().mimeMessageId())
                .detail("detail", "answered after instance " + answer.instance() + " had been declared dead")
                .detail("next", nextText)
                .detail("rule", answer.result().advice().rule())
                .result(answer.result());
    }

    /** Whether another instance put the attempt in doubt, and no result has arrived since. */
    private static boolean isInDoubt(Sql sql, long seq, Answer answer) {
        String resultJson = AttemptJson.write(answer.result());
        return sql.first(
                        found -> String.valueOf(found.getString(1)),
                        "SELECT result FROM attempt WHERE message_seq = ? AND delivery_no = ? AND no = ? AND instance = ?"
                                + " AND ended_at IS NOT NULL",
                        seq,
                        answer.delivery().number(),
                        answer.attempt(),
                        answer.instance())
                .filter(result -> AttemptJson.hasOutcome(result, Outcome.IN_DOUBT) && !result.equals(resultJson))
                .isPresent();
    }

    /** Whether an attempt at the message is in progress. */
    private static boolean isUnderWay(Handle handle, long seq) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM attempt WHERE message_seq = ? AND ended_at IS NULL)")
                .bind(0, seq)
                .mapTo(Boolean.class)
                .one();
    }

    /** A recipient that accepted stays accepted. Other results apply only to recipients that were not attempted since. */
    private static List<RecipientResult> merge(Sql sql, long seq, Answer answer) {
        int no = answer.delivery().number();
        sql.change(
                "UPDATE attempt SET result = ? WHERE message_seq = ? AND delivery_no = ? AND no = ?",
                AttemptJson.write(answer.result()),
                seq,
                no,
                answer.attempt());
        boolean triedSince = sql.first(
                        found -> found.getInt(1),
                        "SELECT 1 FROM attempt WHERE message_seq = ? AND delivery_no = ? AND no > ?",
                        seq,
                        no,
                        answer.attempt())
                .isPresent();
        return Deliveries.merge(
                sql,
                seq,
                no,
                answer.result(),
                (before, now) ->
                        now.outcome() == Outcome.ACCEPTED || (!triedSince && before.outcome() == Outcome.IN_DOUBT)
                                ? now
                                : before);
    }

    /** Whether the next action applies to a message in that state, while no attempt is in progress. */
    private static boolean applies(MessageState state, NextAction next) {
        return switch (state) {
            // The late answer replaces the decision that an operator would have made.
            case IN_DOUBT -> !(next instanceof NextAction.Hold);
            // The message is retried soon anyway. An instance that has claimed it sees the change before its attempt.
            case RETRYING, SENDING, WAITING -> next instanceof NextAction.Done || next instanceof NextAction.Suspend;
            case SUSPENDED -> next instanceof NextAction.Done;
            case SCHEDULED, DONE, CONSUMED, TERMINATED -> false;
        };
    }
}
