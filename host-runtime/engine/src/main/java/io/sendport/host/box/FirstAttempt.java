package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.box.json.AttemptJson;
import io.sendport.host.box.json.HandlingJson;
import io.sendport.host.box.json.RecipientsJson;
import io.sendport.host.store.sql.Sql;
import java.time.Instant;
import java.util.List;

/**
 * The first attempt at a message with one delivery, stored in columns of the message. Most messages need no second attempt, and separate
 * rows would cost more than all other writes. If the attempt does not end the message, {@link #spread} moves it into rows of
 * {@code delivery} and {@code attempt}, where later attempts are. Code that changes a delivery or an attempt must call
 * {@link #spread} first. Code that reads them must read both forms.
 */
final class FirstAttempt {

    /** SQL for the deliveries of a message in both forms; binds the message's number twice. */
    static final String DELIVERIES =
            "SELECT no, sender, recipients, handling, transparency, sha256, size, sealed, sealed_id, lead, key_id"
                    + " FROM delivery WHERE message_seq = ?"
                    + " UNION ALL SELECT 1, first_sender, first_recipients, first_handling, first_transparency, first_sha256,"
                    + " first_size, NULL, NULL, 0, NULL FROM message WHERE seq = ? AND first_started_at IS NOT NULL ORDER BY no";

    /** SQL for the recipients of several messages in both forms. */
    static final String RECIPIENTS = "SELECT message_seq, no, recipients FROM delivery WHERE message_seq IN (<seqs>)"
            + " UNION ALL SELECT seq, 1, first_recipients FROM message"
            + " WHERE seq IN (<seqs>) AND first_started_at IS NOT NULL ORDER BY 1, 2";

    /** SQL for the attempts at a message in both forms; binds the message's number twice. */
    static final String ATTEMPTS = "SELECT delivery_no, no, instance, started_at, ended_at, components, result"
            + " FROM attempt WHERE message_seq = ?"
            + " UNION ALL SELECT 1, 1, first_instance, first_started_at, first_ended_at, first_components, first_result"
            + " FROM message WHERE seq = ? AND first_started_at IS NOT NULL ORDER BY started_at, delivery_no, no";

    private FirstAttempt() {}

    /** Adds an attempt that starts now, and its delivery, to {@code update}. */
    static void start(MessageUpdate update, Attempts.Start start, Instant now) {
        Delivery delivery = start.delivery();
        update.set("first_started_at", now.toEpochMilli())
                .set("first_instance", start.instance())
                .set("first_components", start.components())
                .set(
                        "first_sender",
                        delivery.sender().map(MailAddress::toString).orElse(""))
                .set("first_recipients", RecipientsJson.write(Deliveries.untried(delivery)))
                .set("first_handling", HandlingJson.write(delivery.handling()))
                .set("first_transparency", delivery.transparency().name())
                .set("first_sha256", delivery.sha256())
                .set("first_size", delivery.mail().size());
    }

    /** Stores the end of an attempt that ends its message. */
    static void end(Sql sql, long seq, List<RecipientResult> recipients, DeliveryResult result, Instant now) {
        sql.change(
                "UPDATE message SET first_ended_at = ?, first_result = ?, first_recipients = ? WHERE seq = ?",
                now.toEpochMilli(),
                AttemptJson.write(result),
                RecipientsJson.write(recipients),
                seq);
    }

    /** Moves the delivery and the attempt from columns into rows; does nothing if they are in rows already. */
    static void spread(Sql sql, long seq) {
        sql.change(
                "INSERT INTO delivery (message_seq, no, state, sender, recipients, handling, transparency, sha256, size)"
                        + " SELECT seq, 1, CASE WHEN first_ended_at IS NULL THEN 'open' ELSE 'done' END, first_sender,"
                        + " first_recipients, first_handling, first_transparency, first_sha256, first_size"
                        + " FROM message WHERE seq = ? AND first_started_at IS NOT NULL",
                seq);
        sql.change(
                "INSERT INTO attempt (message_seq, delivery_no, no, instance, started_at, ended_at, components, result)"
                        + " SELECT seq, 1, 1, first_instance, first_started_at, first_ended_at, first_components, first_result"
                        + " FROM message WHERE seq = ? AND first_started_at IS NOT NULL",
                seq);
        sql.change(
                "UPDATE message SET first_started_at = NULL, first_ended_at = NULL, first_instance = NULL,"
                        + " first_components = NULL, first_result = NULL, first_sender = NULL, first_recipients = NULL,"
                        + " first_handling = NULL, first_transparency = NULL, first_sha256 = NULL, first_size = NULL"
                        + " WHERE seq = ? AND first_started_at IS NOT NULL",
                seq);
    }
}
