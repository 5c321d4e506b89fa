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
 * A message with all its data except the content.
 *
 * @param message the fields in lists
 * @param endedAt when it ended
 * @param properties its context, name to value as text
 * @param deliveries its mails
 * @param acts the acts that are allowed now
 * @param version how often it has changed; an act may require the version that the user saw
 * @param hasContent whether its parts are still there
 * @param step its current step while it is being sent, after some seconds
 */
public record MessageDetails(
        MessageView message,
        Optional<Instant> endedAt,
        Map<String, String> properties,
        List<Delivery> deliveries,
        Set<MessageAct> acts,
        long version,
        boolean hasContent,
        Optional<Report.Step> step) {

    /** Whether some recipient may have it. */
    public boolean isDoubtful() {
        return deliveries.stream()
                .flatMap(each -> each.recipients().stream())
                .anyMatch(each -> each.outcome() == Outcome.IN_DOUBT);
    }

    /**
     * A mail of the message.
     *
     * @param number from 1
     * @param size of its bytes
     * @param sha256 of its bytes
     * @param recipients each with its last result
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
     * A recipient of a mail.
     *
     * @param address the address
     * @param outcome the last outcome; deferred before the first attempt
     * @param reply the reply, or why there is none
     */
    public record Recipient(String address, Outcome outcome, String reply) {}
}
