package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of one attempt. Made by {@link #accepted}, {@link #deferred}, {@link #refused} and {@link #inDoubt}, or by {@link #of} where
 * recipients differ, and completed by the methods that give a changed copy. Immutable, for any number of threads; null is allowed nowhere.
 *
 * <p>None of this may hold a secret or content of the mail.
 *
 * @param recipients a result for each recipient of the delivery, in its order
 * @param contact how far the talk with the other side came
 * @param peer whom the adapter talked to, such as {@code host:port}; recorded as {@code relay} and a label of metrics, so one of few; may be
 *     empty
 * @param facts for the record
 * @param elapsed from opening the connection, or from handing over on one that was open, to the answer
 * @param dialogue what was said, a line each, without secrets, for people; at most a few hundred lines
 * @param advice what to do next, beside the outcomes
 * @param fault what was wrong with the other side rather than with the mail; empty where nothing was
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

    /** These results of a talk that came about; nothing else is known. */
    public static DeliveryResult of(List<RecipientResult> recipients) {
        return new DeliveryResult(
                recipients, Contact.MADE, "", Facts.NONE, Duration.ZERO, List.of(), Advice.NONE, Optional.empty());
    }

    /**
     * The same for every recipient of {@code delivery}.
     *
     * @throws IllegalArgumentException as {@link RecipientResult}
     */
    public static DeliveryResult same(Delivery delivery, Outcome outcome, Handover handover, String text) {
        return of(delivery.recipients().stream()
                .map(address -> new RecipientResult(address, outcome, handover, text))
                .toList());
    }

    /** The other side took the whole mail for every recipient. */
    public static DeliveryResult accepted(Delivery delivery, String text) {
        return same(delivery, Outcome.ACCEPTED, Handover.HANDED_OVER, text);
    }

    /** The mail was not handed over. It is worth another try. */
    public static DeliveryResult deferred(Delivery delivery, String text) {
        return same(delivery, Outcome.DEFERRED, Handover.NOT_HANDED_OVER, text);
    }

    /** The mail was not handed over, and another try of the same mail would not help. */
    public static DeliveryResult refused(Delivery delivery, String text) {
        return same(delivery, Outcome.REFUSED, Handover.NOT_HANDED_OVER, text);
    }

    /** The other side may have the whole mail, and no answer came. */
    public static DeliveryResult inDoubt(Delivery delivery, String text) {
        return same(delivery, Outcome.IN_DOUBT, Handover.UNKNOWN, text);
    }

    /** This result of a talk that came so far. */
    public DeliveryResult with(Contact other) {
        return new DeliveryResult(recipients, other, peer, facts, elapsed, dialogue, advice, fault);
    }

    /** This result from that side. */
    public DeliveryResult from(String other) {
        return new DeliveryResult(recipients, contact, other, facts, elapsed, dialogue, advice, fault);
    }

    /** This result with other facts. */
    public DeliveryResult with(Facts other) {
        return new DeliveryResult(recipients, contact, peer, other, elapsed, dialogue, advice, fault);
    }

    /** This result, which took so long. */
    public DeliveryResult took(Duration other) {
        return new DeliveryResult(recipients, contact, peer, facts, other, dialogue, advice, fault);
    }

    /** This result with what was said. */
    public DeliveryResult said(List<String> lines) {
        return new DeliveryResult(recipients, contact, peer, facts, elapsed, lines, advice, fault);
    }

    /** This result with advice. */
    public DeliveryResult with(Advice other) {
        return new DeliveryResult(recipients, contact, peer, facts, elapsed, dialogue, other, fault);
    }

    /** This result, which says what was wrong with the other side. */
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
