package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of one attempt.
 *
 * @param recipients a result for each recipient of the delivery, in its order
 * @param channel how the bytes travelled
 * @param queueId what the relay calls the mail, as far as its answer says; may be empty
 * @param elapsed from opening the connection, or from handing over on one that was open, to the answer
 * @param dialogue what was said, a line each, secrets taken out
 * @param advice what to do next, beside the outcomes
 */
public record DeliveryResult(
        List<RecipientResult> recipients,
        Channel channel,
        String queueId,
        Duration elapsed,
        List<String> dialogue,
        Advice advice) {

    /** Without advice. */
    public DeliveryResult(
            List<RecipientResult> recipients,
            Channel channel,
            String queueId,
            Duration elapsed,
            List<String> dialogue) {
        this(recipients, channel, queueId, elapsed, dialogue, Advice.NONE);
    }

    /** Copies the lists. */
    public DeliveryResult {
        recipients = List.copyOf(recipients);
        dialogue = List.copyOf(dialogue);
    }

    /** The same outcome for everyone. */
    public static DeliveryResult same(
            Delivery delivery, Outcome outcome, Phase phase, Reply reply, Channel channel, Duration elapsed) {
        List<RecipientResult> all = delivery.recipients().stream()
                .map(address -> new RecipientResult(address, outcome, phase, reply))
                .toList();
        return new DeliveryResult(all, channel, "", elapsed, List.of());
    }

    /** This result with advice. */
    public DeliveryResult with(Advice other) {
        return new DeliveryResult(recipients, channel, queueId, elapsed, dialogue, other);
    }

    /** This result, which took so long. */
    public DeliveryResult took(Duration other) {
        return new DeliveryResult(recipients, channel, queueId, other, dialogue, advice);
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
