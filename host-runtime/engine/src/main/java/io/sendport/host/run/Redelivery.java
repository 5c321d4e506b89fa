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
 * The deliveries of a message that was tried before: the same bytes, for those who neither accepted nor refused them.
 *
 * @param open what is left to do
 * @param fault why it can't be done
 */
record Redelivery(List<Delivery> open, Optional<String> fault) {

    /** Whether the bytes of all that is left to do were kept. */
    static boolean isKept(List<DeliveryRow> stored) {
        return stored.stream()
                .allMatch(
                        each -> each.sealed().isPresent() || left(stored, each).isEmpty());
    }

    /**
     * Whom a delivery is offered to. A message of which nobody is left but who refused it goes on only when a person resumed it; earlier programs
     * did not note that with the recipients.
     */
    private static List<MailAddress> left(List<DeliveryRow> stored, DeliveryRow each) {
        return stored.stream().allMatch(one -> one.open().isEmpty()) ? each.missing() : each.open();
    }

    /** Those whose bytes were kept. */
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

    /** Those that the pipeline has rendered anew; each must match the digest of the first time. */
    static Redelivery rendered(List<DeliveryRow> stored, List<Delivery> rendered) {
        Map<Integer, Delivery> byNumber = new HashMap<>();
        rendered.forEach(each -> byNumber.put(each.number(), each));
        List<Delivery> open = new ArrayList<>();
        for (DeliveryRow before : stored) {
            Delivery now = byNumber.get(before.no());
            if (now == null || !now.sha256().equals(before.sha256())) {
                return new Redelivery(
                        List.of(),
                        Optional.of("the mail renders to other bytes than at the first attempt (delivery " + before.no()
                                + "): the port's settings changed in between; set them back, have it assembled anew"
                                + " (resume --reassemble), or terminate and submit anew"));
            }
            List<MailAddress> left = left(stored, before);
            if (!left.isEmpty()) {
                open.add(now.to(left));
            }
        }
        return new Redelivery(open, Optional.empty());
    }
}
