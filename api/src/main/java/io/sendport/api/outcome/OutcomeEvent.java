package io.sendport.api.outcome;

import io.sendport.api.message.MessageId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An outcome of a message, as the audit ledger has it. Immutable; null is never allowed.
 *
 * <p>Outcomes of one message are in order. A later outcome of the same recipient replaces an earlier one: an operator may resume a message that was refused.
 *
 * @param id the same each time this event is read, so that a consumer can recognize one that it has seen
 * @param kind what happened
 * @param message the id from the receipt of the submission
 * @param port the send port
 * @param dedupeKey the key that the submission had
 * @param properties those promoted with {@code audit="true"}
 * @param recipient the address, or its pseudonym where {@code <audit recipients="hashed">} hides it; empty when this is about the whole message
 * @param reply the answer of the relay, or the reason; empty when there is none
 * @param mimeMessageId the Message-ID of the mail, to which a bounce refers; empty before a mail was made
 * @param at when the ledger recorded it
 * @param position where to continue once this event is handled
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

    /** Without data that name people. */
    @Override
    public String toString() {
        return "OutcomeEvent[" + id + " " + kind.word() + " of message " + message + " at port " + port + "]";
    }
}
