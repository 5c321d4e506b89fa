package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.box.json.AttemptJson;
import io.sendport.host.box.json.RecipientsJson;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.sql.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Stores the end of an attempt, and describes it for the ledger. */
final class AttemptEnd {

    private AttemptEnd() {}

    /**
     * A message that an instance has claimed.
     *
     * @param step the number of its next record; the caller must store that number as the count
     * @param first the recipients of an open attempt in columns; empty if the attempt is in rows
     */
    record Claimed(long step, Optional<List<RecipientResult>> first) {}

    /** Locks the message until this transaction ends. Empty when the instance has not claimed it. */
    static Optional<Claimed> claimed(Sql sql, long seq, String instance) {
        return sql.first(
                row -> new Claimed(
                        row.getLong(1) + 1,
                        Optional.ofNullable(row.getString(2)).map(RecipientsJson::read)),
                "SELECT steps, CASE WHEN first_started_at IS NOT NULL AND first_ended_at IS NULL THEN first_recipients END"
                        + " FROM message WHERE seq = ? AND lease_owner = ? <forUpdate>",
                seq,
                instance);
    }

    /** Stores the end of an attempt, and decides what comes next. */
    static Optional<NextAction> store(
            Sql sql,
            MessageRow row,
            Claimed claimed,
            Delivery delivery,
            int attempt,
            DeliveryResult result,
            Instant now,
            Optional<Function<List<RecipientResult>, NextAction>> decide) {
        if (claimed.first().isPresent()) {
            List<RecipientResult> all = Deliveries.merged(claimed.first().get(), result, (before, after) -> after);
            Optional<NextAction> next = decide.map(rule -> rule.apply(all));
            if (next.filter(NextAction.Done.class::isInstance).isPresent()) {
                FirstAttempt.end(sql, row.seq(), all, result, now);
                return next;
            }
            FirstAttempt.spread(sql, row.seq());
        }
        sql.changeOne(
                () -> Attempts.LeaseLostException.afterStart(row),
                "UPDATE attempt SET ended_at = ?, result = ? WHERE message_seq = ? AND delivery_no = ? AND no = ? AND ended_at IS NULL",
                now.toEpochMilli(),
                AttemptJson.write(result),
                row.seq(),
                delivery.number(),
                attempt);
        List<RecipientResult> all = Deliveries.merge(sql, row.seq(), delivery.number(), result);
        return decide.map(rule -> rule.apply(all));
    }

    /** Accepted when all recipients have accepted by now. Otherwise the first that applies: in doubt, deferred, refused. */
    static Kind kind(DeliveryResult result, Optional<NextAction> next) {
        if (next.filter(NextAction.Done.class::isInstance).isPresent()) {
            return Kind.ACCEPTED;
        }
        if (result.has(Outcome.IN_DOUBT)) {
            return Kind.IN_DOUBT;
        }
        boolean isRetried = next.filter(what -> what instanceof NextAction.Retry || what instanceof NextAction.Backup)
                .isPresent();
        if (result.has(Outcome.DEFERRED) || (isRetried && result.has(Outcome.REFUSED))) {
            return Kind.DEFERRED;
        }
        return result.has(Outcome.REFUSED) ? Kind.REFUSED : Kind.ACCEPTED;
    }

    static String describe(NextAction next) {
        if (next instanceof NextAction.Retry retry) {
            return retry.described() + (retry.spends() ? "" : ", no retry is used");
        }
        if (next instanceof NextAction.Backup backup) {
            return "the backup transport: " + backup.why();
        }
        if (next instanceof NextAction.Suspend suspend) {
            return "suspended: " + suspend.why();
        }
        return next instanceof NextAction.Hold hold ? "held in doubt: " + hold.why() : "done";
    }
}
