package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.BodyPlace;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Deliveries and the attempts at them. An attempt is on disk and on the ledger before anything is sent to the relay. */
public final class Attempts {

    private static final String PLACE =
            "SELECT m.steps, (SELECT coalesce(max(a.no), 0) FROM attempt a WHERE a.message_seq = m.seq AND a.delivery_no = ?)"
                    + " FROM message m WHERE m.seq = ?";

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;
    private final BodyStore bodies;
    private final Transition transition;

    Attempts(Store store, Ledger ledger, Clock clock, BodyStore bodies, Transition transition) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.bodies = bodies;
        this.transition = transition;
    }

    /** Another instance now holds the lease on a message. The caller must stop working on the message at once. */
    public static class LeaseLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private LeaseLostException(String message) {
            super(message);
        }

        /** Before the first delivery of a round, when nothing was sent. */
        static LeaseLostException beforeStart(MessageRow row) {
            return row.isLeased() ? afterStart(row) : new ChangedException(row);
        }

        /** After a delivery of the round has started. */
        static LeaseLostException afterStart(MessageRow row) {
            return new LeaseLostException(
                    "the lease on message " + row.id() + " was lost; another instance has it now");
        }
    }

    /** Another act on a message, or a stop of its port, came before its attempt. Nothing was sent, and no retry is used. */
    public static final class ChangedException extends LeaseLostException {
        private static final long serialVersionUID = 1L;

        private ChangedException(MessageRow row) {
            super("message " + row.id() + " or its port was changed before the attempt started; nothing was sent");
        }
    }

    /** Says which recipients have the message, as far as is known. */
    public MessageAct.Seen seen(MessageRow row) {
        return store.read(handle -> Deliveries.seen(handle, row.seq()));
    }

    /**
     * The deliveries of a message; empty before its first attempt.
     *
     * @throws DamagedException when sealed bytes differ from those stored
     * @throws BodyKeyException when they are encrypted and the key is not available
     */
    public List<DeliveryRow> deliveries(MessageRow row) {
        return store.read(handle -> Deliveries.all(handle, row, bodies));
    }

    /** As {@link #deliveries}, without the sealed bytes; no key is needed. */
    public List<DeliveryRow> withoutBytes(MessageRow row) {
        return store.read(handle -> Deliveries.withoutBytes(handle, row));
    }

    /** The recipients of {@code messages} with their last results, by number of the message; none before the first attempt. */
    public Map<Long, List<RecipientResult>> recipients(List<MessageRow> messages) {
        return messages.isEmpty() ? Map.of() : store.read(handle -> Deliveries.recipients(handle, messages));
    }

    /**
     * The deliveries of a message that is about to be sent. Empty before its first attempt; afterwards those that the ledger
     * recorded as attempted.
     *
     * @throws DamagedException when the stored deliveries differ from the ledger
     * @throws BodyKeyException when sealed bytes are encrypted and the key is not available
     */
    public List<DeliveryRow> toRetry(MessageRow row) {
        List<DeliveryRow> all = deliveries(row);
        // Include recipients that refused: the message is offered to them again when no other recipient is left.
        if (all.stream().anyMatch(each -> !each.missing().isEmpty())) {
            AttemptsOnRecord recorded = new AttemptsOnRecord(ledger.records(row.id(), Kind.ATTEMPT_STARTED));
            all.stream()
                    .filter(each -> !each.missing().isEmpty())
                    .forEach(each ->
                            recorded.require(row, each, address -> ledger.disclosedAddress(row.host(), address)));
        }
        return all;
    }

    /**
     * An attempt that is about to start.
     *
     * @param row the message, leased by {@code instance}
     * @param delivery the sealed delivery
     * @param all every delivery of the message, if they are not stored yet; otherwise empty
     * @param keepSealed whether a retry cannot render the bytes again
     * @param instance the instance that makes the attempt
     * @param facts for the ledger: the subject, and what encoders recorded
     * @param components timings, as JSON
     * @param firstOfRound whether it is the first delivery of this round of the message
     */
    public record Start(
            MessageRow row,
            Delivery delivery,
            List<Delivery> all,
            boolean keepSealed,
            String instance,
            Map<String, String> facts,
            String components,
            boolean firstOfRound) {

        /** Whether it is the first delivery, and the message has no other. */
        boolean isOnly() {
            return all.size() == 1 && delivery.number() == 1;
        }
    }

    /**
     * Stores the attempt on disk and on the ledger.
     *
     * @return its number, from 1
     * @throws LeaseLostException when another instance has the message now
     * @throws IOException when sealed bytes cannot be read
     */
    public int start(Start start) throws IOException {
        List<BodyStore.Stored> sealed = new ArrayList<>();
        try {
            if (start.keepSealed()) {
                for (Delivery each : start.all()) {
                    sealed.add(bodies.put(
                            each.mail(), BodyPlace.delivery(start.row().id(), each.number())));
                }
            }
            Entry entry = started(start);
            return store.write(transaction -> start(transaction, start, sealed, entry))
                    .orElseThrow(() -> start.firstOfRound()
                            ? LeaseLostException.beforeStart(start.row())
                            : LeaseLostException.afterStart(start.row()));
        } catch (IOException | LeaseLostException | BodyKeyException e) {
            // After other failures it may be unknown whether the attempt is on disk.
            bodies.discard(sealed, e);
            throw e;
        }
    }

    private Entry started(Start start) {
        Delivery delivery = start.delivery();
        Entry entry = Entry.of(Kind.ATTEMPT_STARTED)
                .by(start.row().host(), start.instance())
                .header("delivery", delivery.number())
                .header("sha256", delivery.sha256())
                .header("size", delivery.mail().size())
                .detail("sender", delivery.sender().map(MailAddress::toString).orElse("<>"))
                .detail("mimeMessageId", delivery.mimeMessageId())
                .recipients(delivery.recipients())
                .detail("deliveries", AttemptsOnRecord.describe(start.all()));
        start.facts().forEach(entry::detail);
        return ledger.prepared(entry);
    }

    /** Returns the attempt's number. Returns empty, and changes nothing, when the instance has lost its claim on the message. */
    private Optional<Integer> start(Transaction transaction, Start start, List<BodyStore.Stored> sealed, Entry entry) {
        transaction.requireClaims();
        Sql sql = transaction.sql();
        MessageRow row = start.row();
        Delivery delivery = start.delivery();
        boolean leases = start.firstOfRound() && !row.isLeased();
        Optional<Place> found = leases ? unchanged(sql, start) : leased(sql, start);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Place place = found.get();
        MessageUpdate update = new MessageUpdate();
        if (leases) {
            update.set("state", "SENDING").set("queued", 0).set("lease_owner", start.instance());
        }
        update.set("steps", place.step()).set("mime_message_id", delivery.mimeMessageId());
        if (start.firstOfRound()) {
            update.increment("attempts");
        }
        if (place.attempt() == 1 && start.isOnly() && sealed.isEmpty()) {
            FirstAttempt.start(update, start, clock.instant());
        } else {
            insert(sql, start, sealed, place.attempt());
        }
        update.execute(sql, row.seq());
        ledger.append(
                transaction, entry.about(row.id(), row.port(), place.step()).header("attempt", place.attempt()));
        return Optional.of(place.attempt());
    }

    private void insert(Sql sql, Start start, List<BodyStore.Stored> sealed, int attempt) {
        for (int i = 0; i < start.all().size(); i++) {
            Deliveries.insert(sql, start.row().seq(), start.all().get(i), sealed.isEmpty() ? null : sealed.get(i));
        }
        sql.change(
                "INSERT INTO attempt (message_seq, delivery_no, no, instance, started_at, components) VALUES (?, ?, ?, ?, ?, ?)",
                start.row().seq(),
                start.delivery().number(),
                attempt,
                start.instance(),
                clock.millis(),
                start.components());
    }

    private static Optional<Place> leased(Sql sql, Start start) {
        return sql.first(
                Place::of,
                PLACE + " AND m.lease_owner = ? <forUpdate>",
                start.delivery().number(),
                start.row().seq(),
                start.instance());
    }

    /**
     * For a message that is claimed in memory. Every act on a message increments its steps: if they are unchanged, nobody acted. Empty
     * also for an instance that has ended.
     */
    private static Optional<Place> unchanged(Sql sql, Start start) {
        return sql.first(
                Place::of,
                PLACE + " AND m.queued = 1 AND m.steps = ?" + Claims.AND_NOT_STOPPED
                        + " AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.id = ? AND i.stopped_at IS NOT NULL) <forUpdate>",
                start.delivery().number(),
                start.row().seq(),
                start.row().steps(),
                start.row().port(),
                start.instance());
    }

    /** The number of the message's next record, and the number of the next attempt at the delivery. */
    private record Place(long step, int attempt) {
        static Place of(ResultSet found) throws SQLException {
            return new Place(found.getLong(1) + 1, found.getInt(2) + 1);
        }
    }

    /** Records what happened to a message's mail after the relay accepted it. An unknown message is recorded without its id. */
    public void record(Optional<MessageId> message, Entry entry) {
        store.change(transaction -> {
            message.ifPresent(id -> transaction
                    .handle()
                    .createQuery("UPDATE message SET steps = steps + 1 WHERE id = ? RETURNING port, steps")
                    .bind(0, id.value())
                    .map((row, context) -> entry.about(id, row.getString(1), row.getLong(2)))
                    .findOne());
            ledger.append(transaction, entry);
        });
    }

    /**
     * Stores the result of an attempt on disk and on the ledger and, after the last delivery of a round, the next action.
     *
     * @param row the message
     * @param delivery the delivery that was attempted
     * @param attempt its number
     * @param result the result of the attempt
     * @param decide maps all recipients of the message to the next action; returns empty while deliveries of this round are left
     * @return the next action
     */
    public Optional<NextAction> settle(
            MessageRow row,
            Delivery delivery,
            int attempt,
            String instance,
            DeliveryResult result,
            Optional<Function<List<RecipientResult>, NextAction>> decide) {
        return store.write(transaction -> {
            Sql sql = transaction.sql();
            Instant now = clock.instant();
            AttemptEnd.Claimed claimed =
                    AttemptEnd.claimed(sql, row.seq(), instance).orElseThrow(() -> LeaseLostException.afterStart(row));
            Optional<NextAction> next = AttemptEnd.store(sql, row, claimed, delivery, attempt, result, now, decide);
            ledger.append(
                    transaction,
                    Entry.of(AttemptEnd.kind(result, next))
                            .by(row.host(), instance)
                            .about(row.id(), row.port(), claimed.step())
                            .header("delivery", delivery.number())
                            .header("attempt", attempt)
                            .header("sha256", delivery.sha256())
                            .header("size", delivery.mail().size())
                            .detail("mimeMessageId", delivery.mimeMessageId())
                            .detail("next", next.map(AttemptEnd::describe).orElse(""))
                            .detail("rule", result.advice().rule())
                            .result(result));
            next.ifPresentOrElse(
                    what -> transition.apply(transaction, row, what, now, 1),
                    () -> sql.change("UPDATE message SET steps = ? WHERE seq = ?", claimed.step(), row.seq()));
            return next;
        });
    }

    /**
     * Suspends a message that cannot become a mail, with stage, component and cause. An operator must act on it.
     *
     * @param stack the stack trace of a failure in a user's component; empty otherwise
     */
    public void suspend(MessageRow row, String instance, NextAction.Suspend suspend, String components, String stack) {
        store.change(transaction -> {
            requireLease(transaction.handle(), row, instance);
            transition.suspend(
                    transaction,
                    row,
                    suspend,
                    clock.instant(),
                    Entry.of(Kind.SUSPENDED)
                            .by(row.host(), instance)
                            .detail("components", components)
                            .detail("stack", stack),
                    0);
        });
    }

    /** Ends a message that a component consumed; it is not sent. */
    public void consumed(MessageRow row, String instance, String by, String components) {
        store.change(transaction -> {
            requireLease(transaction.handle(), row, instance);
            Transition.move(transaction.sql(), row, MessageState.CONSUMED, clock.instant(), null, clock.instant(), 0);
            transition.ended(transaction, row);
            ledger.append(
                    transaction,
                    Entry.of(Kind.CONSUMED)
                            .by(row.host(), instance)
                            .about(row.id(), row.port(), Transition.nextStep(transaction.handle(), row.seq()))
                            .detail("detail", "consumed by " + by)
                            .detail("components", components));
        });
    }

    private static void requireLease(Handle handle, MessageRow row, String instance) {
        // If this message was claimed in memory, a lease on it belongs to a later claim.
        if (!Transition.isClaimedBy(handle, row, row.isLeased() ? instance : "")) {
            throw LeaseLostException.beforeStart(row);
        }
    }

    /** The timings of components as JSON, one object each. */
    public static String componentsJson(List<Map<String, Object>> timings) {
        return CanonicalJson.of(timings);
    }
}
