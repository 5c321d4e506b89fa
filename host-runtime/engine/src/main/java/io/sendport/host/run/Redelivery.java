package io.sendport.host.run;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The deliveries of a message that was attempted before: the same bytes, for the recipients that are still open.
 *
 * @param open the deliveries with open recipients
 * @param fault why the bytes are not the same, with the next step; empty if they are
 */
record Redelivery(List<Delivery> open, Optional<String> fault) {

    /** Whether the sealed mails of all remaining deliveries are stored. */
    static boolean isKept(List<DeliveryRow> stored) {
        return stored.stream()
                .allMatch(each ->
                        each.sealed().isPresent() || remaining(stored, each).isEmpty());
    }

    /**
     * The remaining recipients of a delivery. If no recipient of the message is open, an operator has resumed it, and all recipients that
     * have not accepted it remain. Earlier versions did not store that with the recipients.
     */
    private static List<MailAddress> remaining(List<DeliveryRow> stored, DeliveryRow each) {
        return stored.stream().allMatch(one -> one.open().isEmpty()) ? each.missing() : each.open();
    }

    /** The remaining deliveries, with the stored mails. */
    static List<Delivery> withKeptBytes(MessageRow row, List<DeliveryRow> stored) {
        List<Delivery> open = new ArrayList<>();
        for (DeliveryRow each : stored) {
            List<MailAddress> remaining = remaining(stored, each);
            if (!remaining.isEmpty() && each.sealed().isPresent()) {
                open.add(new Delivery(
                        row.id(),
                        each.no(),
                        each.sender(),
                        remaining,
                        each.handling(),
                        each.sealed().get(),
                        each.transparency(),
                        each.sha256(),
                        row.mimeMessageId()));
            }
        }
        return open;
    }

    /** The remaining deliveries, rendered again. Each must have the digest that it had at the first attempt. */
    static Redelivery withRenderedBytes(List<DeliveryRow> stored, List<Delivery> rendered) {
        Map<Integer, Delivery> byNumber = new HashMap<>();
        rendered.forEach(each -> byNumber.put(each.number(), each));
        List<Delivery> open = new ArrayList<>();
        for (DeliveryRow before : stored) {
            Delivery now = byNumber.get(before.no());
            if (now == null || !now.sha256().equals(before.sha256())) {
                return new Redelivery(
                        List.of(),
                        Optional.of("the mail of delivery " + before.no()
                                + " differs from that of the first attempt: settings of the port, a template or a plug-in may"
                                + " have changed. Restore them, assemble the mail again (`sendport messages resume"
                                + " --reassemble`), or terminate the message and submit it again"));
            }
            List<MailAddress> remaining = remaining(stored, before);
            if (!remaining.isEmpty()) {
                open.add(now.to(remaining));
            }
        }
        return new Redelivery(open, Optional.empty());
    }
}
