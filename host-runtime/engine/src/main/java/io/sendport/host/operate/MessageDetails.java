package io.sendport.host.operate;

import io.sendport.api.adapter.Outcome;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.control.Report;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A message with all that is known of it, without its content.
 *
 * @param message what lists show
 * @param endedAt when it ended
 * @param properties its context, name to value as text
 * @param deliveries its mails
 * @param acts what may be done to it now
 * @param version how often it has changed: an act may ask for the version that was looked at
 * @param step where it is while it is being sent, once it has been there for some seconds
 */
public record MessageDetails(
        MessageView message,
        Optional<Instant> endedAt,
        Map<String, String> properties,
        List<Delivery> deliveries,
        Set<MessageAct> acts,
        long version,
        Optional<Report.Step> step) {

    /** Whether some recipient may have it. */
    public boolean isDoubtful() {
        return deliveries.stream()
                .flatMap(each -> each.recipients().stream())
                .anyMatch(each -> each.outcome() == Outcome.IN_DOUBT);
    }

    /**
     * A mail that was made of the message.
     *
     * @param number from 1
     * @param size of its bytes
     * @param sha256 of its bytes
     * @param recipients each with what last came of it
     */
    public record Delivery(int number, long size, String sha256, List<Recipient> recipients) {

        static Delivery of(DeliveryRow row) {
            return new Delivery(
                    row.no(),
                    row.size(),
                    row.sha256(),
                    row.recipients().stream()
                            .map(each -> new Recipient(each.address().toString(), each.outcome(), each.text()))
                            .toList());
        }
    }

    /**
     * Somebody to whom a mail goes.
     *
     * @param address theirs
     * @param outcome what last came of it; deferred before the first attempt
     * @param reply what was answered, or why there is no answer
     */
    public record Recipient(String address, Outcome outcome, String reply) {}
}
