package io.sendport.host.operate;

import io.sendport.config.AuditDisclosure;
import io.sendport.config.Routing;
import io.sendport.host.box.Hold;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Disclosure;
import io.sendport.host.ledger.privacy.Pseudonyms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Masks data for users who may not see personal data. Replaces recipients, properties and subjects by the pseudonyms that a hashing ledger
 * uses. Safe for use by several threads.
 */
public final class Masking {

    private final Pseudonyms pseudonyms;
    private final Disclosure disclosure;

    Masking(Routing routing) {
        this.pseudonyms = Pseudonyms.of(routing.messageBox().place(), routing.auditLedger());
        Disclosure hashing =
                pseudonyms.disclosure(new AuditDisclosure(AuditDisclosure.Level.HASHED, AuditDisclosure.Level.HASHED));
        // Values from a hashing ledger are pseudonyms already, and stay as they are.
        this.disclosure = new Disclosure(
                text -> isMasked(text) ? text : name(text),
                address -> isMasked(address) ? address : hashing.recipient().apply(address),
                false);
    }

    /** Returns a copy with a masked error and a masked hold. */
    public MessageView of(MessageView view) {
        return new MessageView(
                view.id(),
                view.port(),
                view.host(),
                view.state(),
                view.resumable(),
                view.attempts(),
                view.submittedAt(),
                view.nextAttemptAt(),
                view.size(),
                view.mimeMessageId(),
                view.lastError().map(this::text),
                view.hold().map(each -> new Hold(each.since(), text(each.actor()), text(each.reason()))));
    }

    /** Returns a copy with masked recipients, replies and property values. */
    public MessageDetails of(MessageDetails details) {
        return new MessageDetails(
                of(details.message()),
                details.endedAt(),
                properties(details.properties()),
                details.deliveries().stream()
                        .map(each -> new MessageDetails.Delivery(
                                each.number(),
                                each.size(),
                                each.sha256(),
                                each.recipients().stream().map(this::of).toList()))
                        .toList(),
                details.acts(),
                details.version(),
                details.hasContent(),
                details.step());
    }

    /** Returns a copy with a masked recipient and answer. */
    public ListedMessage of(ListedMessage listed) {
        return new ListedMessage(
                of(listed.message()),
                listed.recipient().map(this::address),
                listed.recipients(),
                text(listed.answer()));
    }

    private MessageDetails.Recipient of(MessageDetails.Recipient recipient) {
        return new MessageDetails.Recipient(address(recipient.address()), recipient.outcome(), text(recipient.reply()));
    }

    /** Returns a copy with masked records and without the dialogues, which contain many addresses. */
    public MessageHistory of(MessageHistory history) {
        return new MessageHistory(
                of(history.message()),
                history.events().stream()
                        .map(each -> new MessageHistory.Event(of(each.record()), each.steps(), each.took(), List.of()))
                        .toList());
    }

    /** Returns a copy with a masked private part. The proof of the record does not match the copy. */
    public AuditRecord of(AuditRecord record) {
        Map<String, Object> secret = new LinkedHashMap<>(disclosure.of(record.secret()));
        if (secret.get("properties") instanceof Map<?, ?> values) {
            Map<String, String> masked = new LinkedHashMap<>();
            values.forEach((name, value) -> masked.put(String.valueOf(name), name(String.valueOf(value))));
            secret.put("properties", masked);
        }
        if (secret.containsKey("sender")) {
            secret.put("sender", address(String.valueOf(secret.get("sender"))));
        }
        return new AuditRecord(record.lane(), record.seq(), record.hash(), record.header(), secret, record.link());
    }

    /** Returns a copy with a masked recipient, masked property values, and masked addresses in an error. */
    public ActSearch of(ActSearch search) {
        Map<String, List<String>> masked = new LinkedHashMap<>(search.fields());
        masked.computeIfPresent(
                "recipient", (name, all) -> all.stream().map(this::address).toList());
        masked.computeIfPresent(
                "error", (name, all) -> all.stream().map(this::text).toList());
        masked.computeIfPresent("property", (name, all) -> all.stream()
                .map(each -> each.substring(0, each.indexOf('=') + 1) + name(each.substring(each.indexOf('=') + 1)))
                .toList());
        return new ActSearch(masked);
    }

    /** Returns a copy with the values replaced by pseudonyms. */
    public Map<String, String> properties(Map<String, String> values) {
        Map<String, String> masked = new LinkedHashMap<>();
        values.forEach((name, value) -> masked.put(name, name(value)));
        return masked;
    }

    /** Returns the text with each address replaced by its pseudonym. */
    public String text(String text) {
        return String.valueOf(disclosure.of(Map.of("text", text)).get("text"));
    }

    private String address(String address) {
        return disclosure.recipient().apply(address);
    }

    private static boolean isMasked(String text) {
        return text.startsWith(Pseudonyms.PREFIX);
    }

    private String name(String text) {
        return pseudonyms.ofText(text);
    }
}
