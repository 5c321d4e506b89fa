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
 * The ledger's records of earlier attempts at a message. A retry must send the bytes of the first attempt to the same recipients.
 * This check finds a message box that was changed, before anything is sent.
 */
final class AttemptsOnRecord {

    private static final String DELIVERIES = "deliveries";

    private final List<AuditRecord> started;

    /**
     * Creates the view of one message.
     *
     * @param started its ATTEMPT_STARTED records
     */
    AttemptsOnRecord(List<AuditRecord> started) {
        this.started = started;
    }

    /**
     * Describes all deliveries for the record of the first attempt, if there are several. The record then identifies also the
     * deliveries that follow later.
     */
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
     * Checks that a delivery is one of those recorded.
     *
     * @param row the delivery in the message box
     * @param disclosed how the ledger now shows an address
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
                    + " differs from the one that the audit ledger recorded at an earlier attempt: the message box was"
                    + " changed. Run `sendport audit verify`, then terminate this message, and submit it again if no"
                    + " earlier attempt delivered it");
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
