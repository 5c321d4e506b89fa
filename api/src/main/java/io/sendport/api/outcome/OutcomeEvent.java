package io.sendport.api.outcome;

import io.sendport.api.message.MessageId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An outcome as recorded in the audit ledger. Immutable; null is never allowed.
 *
 * <p>Events of one message are in order. A later event for the same recipient replaces an earlier one, because an operator may resume a
 * refused message.
 *
 * @param id identifies the event; the same whenever the event is read
 * @param kind what happened
 * @param message the id from the receipt of the submission
 * @param port the name of the send port
 * @param dedupeKey the dedupe key of the submission; empty when it had none
 * @param properties the properties promoted with {@code audit="true"}
 * @param recipient the address, or its pseudonym with {@code <audit recipients="hashed">}; empty when the event concerns the whole message
 * @param reply the relay's reply, or the reason; empty when there is none
 * @param mimeMessageId the Message-ID of the mail, to which a bounce refers; empty before a mail was made
 * @param at when the ledger recorded the event
 * @param position the position after this event
 */
public record OutcomeEvent(
        String id,
        OutcomeKind kind,
        MessageId message,
        String port,
        Optional<String> dedupeKey,
        Map<String, String> properties,
        Optional<String> recipient,
        String reply,
        Optional<String> mimeMessageId,
        Instant at,
        OutcomePosition position) {

    /** Copies the map. */
    public OutcomeEvent {
        properties = Map.copyOf(properties);
    }

    /** Omits personal data. */
    @Override
    public String toString() {
        return "OutcomeEvent[" + id + " " + kind.word() + " of message " + message + " at port " + port + "]";
    }
}
