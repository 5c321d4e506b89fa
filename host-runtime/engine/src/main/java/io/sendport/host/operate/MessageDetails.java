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
 * @param message the fields that lists show
 * @param endedAt when the message ended; empty while it is open
 * @param properties the properties, with their values as text
 * @param deliveries the deliveries; empty before the first attempt
 * @param acts the acts that are allowed now
 * @param version the number of changes; an act may require the version that the user has seen
 * @param hasContent whether the parts are still stored
 * @param step the current step, if the message has been at it for some seconds
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

    /** Whether a recipient is in doubt. */
    public boolean isDoubtful() {
        return deliveries.stream()
                .flatMap(each -> each.recipients().stream())
                .anyMatch(each -> each.outcome() == Outcome.IN_DOUBT);
    }

    /**
     * A mail of the message.
     *
     * @param number the number of the delivery, from 1
     * @param size the size of the mail in bytes
     * @param sha256 the SHA-256 digest of the mail
     * @param recipients the recipients, each with its last result
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
     * @param reply the reply of the relay, or the reason why there is none
     */
    public record Recipient(String address, Outcome outcome, String reply) {}
}
