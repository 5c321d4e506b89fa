package io.sendport.host.box;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.ledger.AuditRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the ledger says of earlier attempts at a message. A retry sends the bytes of the first attempt to recipients of it: whoever changed
 * either in the message box is found before anything leaves.
 */
final class AttemptsOnRecord {

    private static final String DELIVERIES = "deliveries";

    private final List<AuditRecord> started;

    /**
     * Of one message.
     *
     * @param started its ATTEMPT_STARTED records
     */
    AttemptsOnRecord(List<AuditRecord> started) {
        this.started = started;
    }

    /** What the first attempt records of all deliveries, where there are several: those that it does not try yet are known by it. */
    static List<Object> describe(List<Delivery> all) {
        List<Object> list = new ArrayList<>();
        if (all.size() > 1) {
            all.forEach(each -> list.add(Map.of(
                    "delivery", each.number(),
                    "sha256", each.sha256(),
                    "sender", each.sender().map(MailAddress::toString).orElse("<>"),
                    "recipients", addresses(each.recipients()))));
        }
        return list;
    }

    private static List<Object> addresses(List<MailAddress> recipients) {
        return recipients.stream()
                .<Object>map(each -> Map.of("address", each.toString()))
                .toList();
    }

    /**
     * Makes sure that a delivery is one that was recorded.
     *
     * @param row as it lies in the message box
     * @param disclosed how an address appears on the ledger now
     * @throws DamagedException when it is not
     */
    void require(MessageRow message, DeliveryRow row, UnaryOperator<String> disclosed) {
        boolean isBlank = false;
        for (AuditRecord each : started) {
            isBlank |= each.secret().isEmpty();
            if (each.header("delivery").equals(String.valueOf(row.no()))
                    && describes(each.header("sha256"), each.secret(), row, disclosed)) {
                return;
            }
            if (each.secret().get(DELIVERIES) instanceof List<?> all
                    && all.stream().anyMatch(one -> describes(one, row, disclosed))) {
                return;
            }
        }
        if (!isBlank) {
            throw new DamagedException("delivery " + row.no() + " of message " + message.id()
                    + " is not what the audit ledger says was tried before: the message box was changed");
        }
    }

    private static boolean describes(Object recorded, DeliveryRow row, UnaryOperator<String> disclosed) {
        return recorded instanceof Map<?, ?> facts
                && String.valueOf(facts.get("delivery")).equals(String.valueOf(row.no()))
                && describes(String.valueOf(facts.get("sha256")), facts, row, disclosed);
    }

    private static boolean describes(String sha256, Map<?, ?> facts, DeliveryRow row, UnaryOperator<String> disclosed) {
        Set<String> recorded = new HashSet<>();
        if (facts.get("recipients") instanceof List<?> list) {
            list.forEach(each -> recorded.add(each instanceof Map<?, ?> one ? String.valueOf(one.get("address")) : ""));
        }
        return sha256.equals(row.sha256())
                && row.sender().map(MailAddress::toString).orElse("<>").equals(facts.get("sender"))
                && row.missing().stream()
                        .map(MailAddress::toString)
                        .allMatch(each -> recorded.contains(each) || recorded.contains(disclosed.apply(each)));
    }
}
