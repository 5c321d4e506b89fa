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
 * The deliveries of a message that was tried before: the same bytes, for recipients that neither accepted nor refused them.
 *
 * @param open the deliveries that are left
 * @param fault why they cannot be made
 */
record Redelivery(List<Delivery> open, Optional<String> fault) {

    /** Whether the bytes of all remaining deliveries were kept. */
    static boolean isKept(List<DeliveryRow> stored) {
        return stored.stream()
                .allMatch(
                        each -> each.sealed().isPresent() || left(stored, each).isEmpty());
    }

    /**
     * The recipients of a delivery. If all remaining recipients of a message have refused it, it continues only because an operator
     * resumed it. Earlier versions did not store that with the recipients.
     */
    private static List<MailAddress> left(List<DeliveryRow> stored, DeliveryRow each) {
        return stored.stream().allMatch(one -> one.open().isEmpty()) ? each.missing() : each.open();
    }

    /** The deliveries whose bytes were kept. */
    static List<Delivery> kept(MessageRow row, List<DeliveryRow> stored) {
        List<Delivery> open = new ArrayList<>();
        for (DeliveryRow each : stored) {
            List<MailAddress> left = left(stored, each);
            if (!left.isEmpty() && each.sealed().isPresent()) {
                open.add(new Delivery(
                        row.id(),
                        each.no(),
                        each.sender(),
                        left,
                        each.handling(),
                        each.sealed().get(),
                        each.transparency(),
                        each.sha256(),
                        row.mimeMessageId()));
            }
        }
        return open;
    }

    /** The deliveries that the pipeline rendered again; each must match the digest of the first rendering. */
    static Redelivery rendered(List<DeliveryRow> stored, List<Delivery> rendered) {
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
            List<MailAddress> left = left(stored, before);
            if (!left.isEmpty()) {
                open.add(now.to(left));
            }
        }
        return new Redelivery(open, Optional.empty());
    }
}
