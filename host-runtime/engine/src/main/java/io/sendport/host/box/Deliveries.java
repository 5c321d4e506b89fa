package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.host.box.body.BodyPlace;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.json.HandlingJson;
import io.sendport.host.box.json.RecipientsJson;
import io.sendport.host.store.sql.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The deliveries of messages in the message box: the recipients, and the state of each. */
final class Deliveries {

    private Deliveries() {}

    /** All deliveries of a message, with the sealed bytes if they are kept. */
    static List<DeliveryRow> all(Handle handle, MessageRow message, BodyStore bodies) {
        return handle.createQuery(FirstAttempt.DELIVERIES)
                .bind(0, message.seq())
                .bind(1, message.seq())
                .map((row, context) -> mapped(row, sealed(row, message, bodies)))
                .list();
    }

    /** All deliveries of a message, without bytes; no key is needed. */
    static List<DeliveryRow> withoutBytes(Handle handle, MessageRow message) {
        return handle.createQuery(FirstAttempt.DELIVERIES)
                .bind(0, message.seq())
                .bind(1, message.seq())
                .map((row, context) -> mapped(row, Optional.empty()))
                .list();
    }

    static Map<Long, List<RecipientResult>> recipients(Handle handle, List<MessageRow> messages) {
        Map<Long, List<RecipientResult>> recipients = new HashMap<>();
        handle.createQuery(FirstAttempt.RECIPIENTS)
                .bindList("seqs", messages.stream().map(MessageRow::seq).toList())
                .map((row, context) -> Map.entry(row.getLong(1), RecipientsJson.read(row.getString(3))))
                .forEach(each -> recipients
                        .computeIfAbsent(each.getKey(), seq -> new ArrayList<>())
                        .addAll(each.getValue()));
        return recipients;
    }

    private static Optional<Body> sealed(java.sql.ResultSet row, MessageRow message, BodyStore bodies)
            throws java.sql.SQLException {
        byte[] inline = row.getBytes("sealed");
        String chunks = row.getString("sealed_id");
        return chunks == null && inline == null
                ? Optional.empty()
                : Optional.of(bodies.body(
                        new BodyStore.Kept(
                                inline,
                                chunks,
                                row.getInt("lead"),
                                row.getString("key_id"),
                                row.getLong("size"),
                                row.getString("sha256")),
                        BodyPlace.delivery(message.id(), row.getInt("no"))));
    }

    private static DeliveryRow mapped(java.sql.ResultSet row, Optional<Body> sealed) throws java.sql.SQLException {
        String sender = row.getString("sender");
        return new DeliveryRow(
                row.getInt("no"),
                sender.isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(sender)),
                RecipientsJson.read(row.getString("recipients")),
                HandlingJson.read(row.getString("handling")),
                Transparency.valueOf(row.getString("transparency")),
                row.getString("sha256"),
                row.getLong("size"),
                sealed);
    }

    /** One delivery that is in a row, without its bytes. */
    static DeliveryRow one(Handle handle, long seq, int no) {
        return handle.createQuery("SELECT * FROM delivery WHERE message_seq = ? AND no = ?")
                .bind(0, seq)
                .bind(1, no)
                .map((row, context) -> mapped(row, Optional.empty()))
                .one();
    }

    /** The last result of every recipient of the message. */
    static List<RecipientResult> recipients(Handle handle, long seq) {
        return handle
                .createQuery("SELECT recipients FROM (" + FirstAttempt.DELIVERIES + ") every")
                .bind(0, seq)
                .bind(1, seq)
                .mapTo(String.class)
                .list()
                .stream()
                .flatMap(json -> RecipientsJson.read(json).stream())
                .toList();
    }

    /** The recipients of a delivery that was not attempted yet. */
    static List<RecipientResult> untried(Delivery delivery) {
        return delivery.recipients().stream()
                .map(address ->
                        new RecipientResult(address, Outcome.DEFERRED, Handover.NOT_HANDED_OVER, "not tried yet"))
                .toList();
    }

    /** Inserts a delivery that was not attempted yet. */
    static void insert(Sql sql, long seq, Delivery delivery, BodyStore.@Nullable Stored sealed) {
        sql.change(
                "INSERT INTO delivery (message_seq, no, state, sender, recipients, handling, transparency, sha256, size, sealed, sealed_id, lead, key_id)"
                        + " VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                seq,
                delivery.number(),
                delivery.sender().map(MailAddress::toString).orElse(""),
                RecipientsJson.write(untried(delivery)),
                HandlingJson.write(delivery.handling()),
                delivery.transparency().name(),
                delivery.sha256(),
                delivery.mail().size(),
                sealed == null ? null : sealed.inRow(),
                sealed == null ? null : sealed.chunks(),
                sealed == null ? 0 : sealed.form().lead(),
                sealed == null ? null : sealed.form().keyId());
    }

    /** Whether any attempt ended in doubt, even if later attempts did not. */
    private static boolean wasInDoubt(Handle handle, long seq) {
        return handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM attempt WHERE message_seq = ? AND result LIKE '%\"outcome\":\"IN_DOUBT\"%')")
                .bind(0, seq)
                .mapTo(Boolean.class)
                .one();
    }

    /** Says which recipients have the message, as far as is known. */
    static MessageAct.Seen seen(Handle handle, long seq) {
        List<RecipientResult> known = recipients(handle, seq);
        if (known.stream().anyMatch(each -> each.outcome() == Outcome.IN_DOUBT) || wasInDoubt(handle, seq)) {
            return MessageAct.Seen.PERHAPS;
        }
        return known.stream().anyMatch(each -> each.outcome() == Outcome.ACCEPTED)
                ? MessageAct.Seen.BY_SOMEBODY
                : MessageAct.Seen.BY_NOBODY;
    }

    /** Reopens a delivery for recipients that refused it, because an operator resumed the message. */
    static void reopen(Handle handle, long seq) {
        List<StoredResults> all = handle.createQuery("SELECT no, recipients FROM delivery WHERE message_seq = ?")
                .bind(0, seq)
                .map((row, context) -> new StoredResults(row.getInt(1), RecipientsJson.read(row.getString(2))))
                .list();
        for (StoredResults each : all) {
            List<RecipientResult> reopened = each.recipients().stream()
                    .map(one -> one.outcome() == Outcome.REFUSED
                            ? new RecipientResult(
                                    one.address(), Outcome.DEFERRED, one.handover(), one.text(), one.facts())
                            : one)
                    .toList();
            handle.execute(
                    "UPDATE delivery SET recipients = ? WHERE message_seq = ? AND no = ?",
                    RecipientsJson.write(reopened),
                    seq,
                    each.no());
        }
    }

    /** Resets the message as if it had never been assembled; its attempts stay on record. */
    static void forget(Handle handle, long seq) {
        handle.createQuery("SELECT sealed_id FROM delivery WHERE message_seq = ? AND sealed_id IS NOT NULL")
                .bind(0, seq)
                .mapTo(String.class)
                .list()
                .forEach(id -> BodyStore.delete(handle, id));
        handle.execute("DELETE FROM delivery WHERE message_seq = ?", seq);
        handle.execute("UPDATE message SET mime_message_id = NULL WHERE seq = ?", seq);
    }

    private record StoredResults(int no, List<RecipientResult> recipients) {}

    /**
     * Merges the results of an attempt. A recipient that was not part of it keeps its result, and one that accepted the mail before
     * stays accepted.
     *
     * @return the last result of every recipient of the message
     */
    static List<RecipientResult> merge(Sql sql, long seq, int no, DeliveryResult result) {
        return merge(sql, seq, no, result, (before, now) -> before.outcome() == Outcome.ACCEPTED ? before : now);
    }

    /** Merges the results of an attempt; {@code rule} chooses between a recipient's earlier and current result. */
    static List<RecipientResult> merge(
            Sql sql, long seq, int no, DeliveryResult result, BinaryOperator<RecipientResult> rule) {
        List<RecipientResult> all = new ArrayList<>();
        List<StoredResults> before = sql.list(
                row -> new StoredResults(row.getInt(1), RecipientsJson.read(row.getString(2))),
                "SELECT no, recipients FROM delivery WHERE message_seq = ?",
                seq);
        for (StoredResults each : before) {
            all.addAll(each.no() == no ? merge(sql, seq, each, result, rule) : each.recipients());
        }
        return all;
    }

    private static List<RecipientResult> merge(
            Sql sql, long seq, StoredResults before, DeliveryResult result, BinaryOperator<RecipientResult> rule) {
        List<RecipientResult> merged = merged(before.recipients(), result, rule);
        boolean done = merged.stream().allMatch(each -> each.outcome() == Outcome.ACCEPTED);
        sql.change(
                "UPDATE delivery SET recipients = ?, state = ? WHERE message_seq = ? AND no = ?",
                RecipientsJson.write(merged),
                done ? "done" : "open",
                seq,
                before.no());
        return merged;
    }

    /** The recipients of a delivery after an attempt; {@code rule} chooses between a recipient's earlier and current result. */
    static List<RecipientResult> merged(
            List<RecipientResult> before, DeliveryResult result, BinaryOperator<RecipientResult> rule) {
        List<RecipientResult> merged = new ArrayList<>();
        for (RecipientResult each : before) {
            merged.add(result.recipients().stream()
                    .filter(now -> now.address().equals(each.address()))
                    .findFirst()
                    .map(now -> rule.apply(each, now))
                    .orElse(each));
        }
        return merged;
    }
}
