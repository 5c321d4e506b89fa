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
 * Masks messages for users who may not see personal data. Recipients, properties and subjects are replaced by the same pseudonyms
 * that a hashing ledger uses. Safe for use by several threads.
 */
public final class Masking {

    private final Pseudonyms pseudonyms;
    private final Disclosure disclosure;

    Masking(Routing routing) {
        this.pseudonyms = Pseudonyms.of(routing.messageBox().place(), routing.auditLedger());
        Disclosure hashing =
                pseudonyms.disclosure(new AuditDisclosure(AuditDisclosure.Level.HASHED, AuditDisclosure.Level.HASHED));
        // Pseudonyms from the ledger stay as they are.
        this.disclosure = new Disclosure(
                text -> isMasked(text) ? text : name(text),
                address -> isMasked(address) ? address : hashing.recipient().apply(address),
                false);
    }

    /** A copy with a masked error. */
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

    /** A copy with masked recipients, replies and property values. */
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

    /** A copy with a masked recipient and answer. */
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

    /** A copy with masked records and without the dialogues, which contain many addresses. */
    public MessageHistory of(MessageHistory story) {
        return new MessageHistory(
                of(story.message()),
                story.events().stream()
                        .map(each -> new MessageHistory.Event(of(each.record()), each.steps(), each.took(), List.of()))
                        .toList());
    }

    /** A copy with a masked private part; its proof does not match any more. */
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

    /** A copy with pseudonyms in place of a recipient, the values of properties, and addresses in an error. */
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

    /** The values replaced by pseudonyms. */
    public Map<String, String> properties(Map<String, String> values) {
        Map<String, String> masked = new LinkedHashMap<>();
        values.forEach((name, value) -> masked.put(name, name(value)));
        return masked;
    }

    /** A copy of the text with each address replaced by its pseudonym. */
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
