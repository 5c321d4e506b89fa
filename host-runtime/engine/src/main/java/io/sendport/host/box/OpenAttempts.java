package io.sendport.host.box;

import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.box.json.AttemptJson;
import io.sendport.host.box.json.RecipientsJson;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.commit.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Handles attempts that started and did not end. It is unknown whether the relay has the mail. */
final class OpenAttempts {

    private final Ledger ledger;
    private final Clock clock;

    OpenAttempts(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    private record Open(int delivery, int no, String instance) {}

    /**
     * Puts each open attempt of the message in doubt, with a record.
     *
     * @param row the message; its Message-ID is read again, because an attempt may have started after the row was read
     * @return how many open attempts there were
     */
    int putInDoubt(Transaction transaction, MessageRow row) {
        FirstAttempt.spread(transaction.sql(), row.seq());
        Handle handle = transaction.handle();
        List<Open> open = handle.createQuery(
                        "SELECT delivery_no, no, instance FROM attempt WHERE message_seq = ? AND ended_at IS NULL")
                .bind(0, row.seq())
                .map((attempt, context) -> new Open(attempt.getInt(1), attempt.getInt(2), attempt.getString(3)))
                .list();
        open.forEach(each -> putInDoubt(transaction, row, each));
        return open.size();
    }

    private void putInDoubt(Transaction transaction, MessageRow row, Open attempt) {
        Handle handle = transaction.handle();
        DeliveryRow delivery = Deliveries.one(handle, row.seq(), attempt.delivery());
        String why = "instance " + attempt.instance() + " died or failed during the attempt";
        // The attempt was for the open recipients. If there are none, an operator resumed the message for recipients
        // that had refused it.
        List<MailAddress> offered = delivery.open().isEmpty() ? delivery.missing() : delivery.open();
        List<RecipientResult> doubtful = new ArrayList<>();
        for (RecipientResult each : delivery.recipients()) {
            doubtful.add(
                    offered.contains(each.address())
                            ? new RecipientResult(each.address(), Outcome.IN_DOUBT, Handover.UNKNOWN, why)
                            : each);
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
                AttemptJson.write(doubtful),
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
                        .recipients(offered)
                        .detail("mimeMessageId", mimeMessageId(handle, row))
                        .detail("detail", why));
    }

    private static String mimeMessageId(Handle handle, MessageRow row) {
        return handle.createQuery("SELECT coalesce(mime_message_id, '') FROM message WHERE seq = ?")
                .bind(0, row.seq())
                .mapTo(String.class)
                .one();
    }

    /** Puts a message in doubt that has no known attempt. */
    void putInDoubt(Transaction transaction, MessageRow row, String why) {
        Handle handle = transaction.handle();
        ledger.append(
                transaction,
                Entry.of(Kind.IN_DOUBT)
                        .about(row.id(), row.port(), Transition.nextStep(handle, row.seq()))
                        .header("host", row.host())
                        .detail("mimeMessageId", mimeMessageId(handle, row))
                        .detail("detail", why));
    }
}
