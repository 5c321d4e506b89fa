package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The result of one attempt. Create it with {@link #accepted}, {@link #deferred}, {@link #refused} or {@link #inDoubt}, or with {@link #of}
 * where the results of recipients differ. Methods that return a changed copy add the rest. Immutable and thread-safe; null is never
 * allowed.
 *
 * <p>Nothing here may hold a secret or content of the mail.
 *
 * @param recipients one result for each recipient of the delivery, in the order of the delivery
 * @param contact how far the exchange with the peer got
 * @param peer the peer that the adapter connected to, such as {@code host:port}; recorded as {@code relay} and used as a label of metrics,
 *     so there must be only a few values; may be empty
 * @param facts for the record
 * @param elapsed time from opening the connection, or from the start of the handover on an open connection, to the answer
 * @param dialogue what both sides said, one line each, without secrets, for people; at most a few hundred lines
 * @param advice what to do next, in addition to the outcomes
 * @param fault what was wrong with the peer rather than with the mail; empty when nothing was
 */
public record DeliveryResult(
        List<RecipientResult> recipients,
        Contact contact,
        String peer,
        Facts facts,
        Duration elapsed,
        List<String> dialogue,
        Advice advice,
        Optional<PeerFault> fault) {

    /** Copies the lists. */
    public DeliveryResult {
        recipients = List.copyOf(recipients);
        dialogue = List.copyOf(dialogue);
    }

    /** A result for an exchange that took place, with nothing else known. */
    public static DeliveryResult of(List<RecipientResult> recipients) {
        return new DeliveryResult(
                recipients, Contact.MADE, "", Facts.NONE, Duration.ZERO, List.of(), Advice.NONE, Optional.empty());
    }

    /**
     * The same result for every recipient of {@code delivery}.
     *
     * @throws IllegalArgumentException as {@link RecipientResult}
     */
    public static DeliveryResult same(Delivery delivery, Outcome outcome, Handover handover, String text) {
        return of(delivery.recipients().stream()
                .map(address -> new RecipientResult(address, outcome, handover, text))
                .toList());
    }

    /** The peer accepted the whole mail for every recipient. */
    public static DeliveryResult accepted(Delivery delivery, String text) {
        return same(delivery, Outcome.ACCEPTED, Handover.HANDED_OVER, text);
    }

    /** The mail was not handed over. Another attempt may succeed. */
    public static DeliveryResult deferred(Delivery delivery, String text) {
        return same(delivery, Outcome.DEFERRED, Handover.NOT_HANDED_OVER, text);
    }

    /** The mail was not handed over, and another attempt with the same mail would fail too. */
    public static DeliveryResult refused(Delivery delivery, String text) {
        return same(delivery, Outcome.REFUSED, Handover.NOT_HANDED_OVER, text);
    }

    /** The peer may have the whole mail, but no answer came. */
    public static DeliveryResult inDoubt(Delivery delivery, String text) {
        return same(delivery, Outcome.IN_DOUBT, Handover.UNKNOWN, text);
    }

    /** This result with another contact. */
    public DeliveryResult with(Contact other) {
        return new DeliveryResult(recipients, other, peer, facts, elapsed, dialogue, advice, fault);
    }

    /** This result with another peer. */
    public DeliveryResult from(String other) {
        return new DeliveryResult(recipients, contact, other, facts, elapsed, dialogue, advice, fault);
    }

    /** This result with other facts. */
    public DeliveryResult with(Facts other) {
        return new DeliveryResult(recipients, contact, peer, other, elapsed, dialogue, advice, fault);
    }

    /** This result with another elapsed time. */
    public DeliveryResult took(Duration other) {
        return new DeliveryResult(recipients, contact, peer, facts, other, dialogue, advice, fault);
    }

    /** This result with another dialogue. */
    public DeliveryResult said(List<String> lines) {
        return new DeliveryResult(recipients, contact, peer, facts, elapsed, lines, advice, fault);
    }

    /** This result with other advice. */
    public DeliveryResult with(Advice other) {
        return new DeliveryResult(recipients, contact, peer, facts, elapsed, dialogue, other, fault);
    }

    /** This result with a fault of the peer. */
    public DeliveryResult with(PeerFault other) {
        return new DeliveryResult(recipients, contact, peer, facts, elapsed, dialogue, advice, Optional.of(other));
    }

    /** The addresses with this outcome. */
    public List<MailAddress> with(Outcome outcome) {
        return having(outcome).map(RecipientResult::address).toList();
    }

    /** Whether at least one recipient has this outcome. */
    public boolean has(Outcome outcome) {
        return having(outcome).findAny().isPresent();
    }

    private Stream<RecipientResult> having(Outcome outcome) {
        return recipients.stream().filter(result -> result.outcome() == outcome);
    }
}
