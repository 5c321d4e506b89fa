package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Reply;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The deliveries of messages as they lie in the message box: who gets what, and where each recipient stands. */
final class Deliveries {

    private Deliveries() {}

    /** All of a message, with the sealed bytes where they are kept. */
    static List<DeliveryRow> all(Handle handle, long seq, BodyStore bodies) {
        return handle.createQuery("SELECT * FROM delivery WHERE message_seq = ? ORDER BY no")
                .bind(0, seq)
                .map((row, context) -> mapped(row, sealed(row, bodies)))
                .list();
    }

    private static Optional<Body> sealed(java.sql.ResultSet row, BodyStore bodies) throws java.sql.SQLException {
        byte[] inline = row.getBytes("sealed");
        String chunks = row.getString("sealed_id");
        return chunks == null && inline == null
                ? Optional.empty()
                : Optional.of(bodies.body(inline, chunks, row.getLong("size"), row.getString("sha256")));
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

    /** One of them, without its bytes. */
    static DeliveryRow one(Handle handle, long seq, int no) {
        return handle.createQuery("SELECT * FROM delivery WHERE message_seq = ? AND no = ?")
                .bind(0, seq)
                .bind(1, no)
                .map((row, context) -> mapped(row, Optional.empty()))
                .one();
    }

    /** The last result of everyone the message goes to. */
    static List<RecipientResult> recipients(Handle handle, long seq) {
        return handle
                .createQuery("SELECT recipients FROM delivery WHERE message_seq = ?")
                .bind(0, seq)
                .mapTo(String.class)
                .list()
                .stream()
                .flatMap(json -> RecipientsJson.read(json).stream())
                .toList();
    }

    /** Puts a delivery there, nobody tried yet. */
    static void insert(Handle handle, long seq, Delivery delivery, BodyStore.@Nullable Stored sealed) {
        List<RecipientResult> untried = delivery.recipients().stream()
                .map(address ->
                        new RecipientResult(address, Outcome.DEFERRED, Phase.BORROW, Reply.none("not tried yet")))
                .toList();
        handle.createUpdate(
                        "INSERT INTO delivery (message_seq, no, state, sender, recipients, handling, transparency, sha256, size, sealed, sealed_id)"
                                + " VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(0, seq)
                .bind(1, delivery.number())
                .bind(2, delivery.sender().map(MailAddress::toString).orElse(""))
                .bind(3, RecipientsJson.write(untried))
                .bind(4, HandlingJson.write(delivery.handling()))
                .bind(5, delivery.transparency().name())
                .bind(6, delivery.sha256())
                .bind(7, delivery.mail().size())
                .bind(8, sealed == null ? null : sealed.inline)
                .bind(9, sealed == null ? null : sealed.chunks)
                .execute();
    }

    /** Whether an attempt, however long ago, ended without anyone knowing what came of it. */
    static boolean wasInDoubt(Handle handle, long seq) {
        return handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM attempt WHERE message_seq = ? AND result LIKE '%\"outcome\":\"IN_DOUBT\"%')")
                .bind(0, seq)
                .mapTo(Boolean.class)
                .one();
    }

    /** As if the message had never been assembled; its attempts stay on record. */
    static void forget(Handle handle, long seq) {
        handle.createQuery("SELECT sealed_id FROM delivery WHERE message_seq = ? AND sealed_id IS NOT NULL")
                .bind(0, seq)
                .mapTo(String.class)
                .list()
                .forEach(id -> BodyStore.delete(handle, id));
        handle.execute("DELETE FROM delivery WHERE message_seq = ?", seq);
        handle.execute("UPDATE message SET mime_message_id = NULL WHERE seq = ?", seq);
    }

    /** Takes over what came of an attempt; who was not part of it stays as he was. */
    static void merge(Handle handle, long seq, int no, DeliveryResult result) {
        List<RecipientResult> merged = new ArrayList<>();
        for (RecipientResult before : one(handle, seq, no).recipients()) {
            merged.add(result.recipients().stream()
                    .filter(each -> each.address().equals(before.address()))
                    .findFirst()
                    .orElse(before));
        }
        boolean done = merged.stream().allMatch(each -> each.outcome() == Outcome.ACCEPTED);
        handle.execute(
                "UPDATE delivery SET recipients = ?, state = ? WHERE message_seq = ? AND no = ?",
                RecipientsJson.write(merged),
                done ? "done" : "open",
                seq,
                no);
    }
}
