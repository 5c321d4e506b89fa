package io.sendport.host.operate;

import io.sendport.config.AuditDisclosure;
import io.sendport.config.Routing;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Disclosure;
import io.sendport.host.ledger.privacy.Pseudonyms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows messages to those who may not know whom they concern: recipients, properties and subjects stand under pseudonyms, the same ones each
 * time, which are those of a ledger that hashes. Safe for use by several threads.
 */
public final class Masking {

    private final Pseudonyms pseudonyms;
    private final Disclosure disclosure;

    Masking(Routing routing) {
        this.pseudonyms = Pseudonyms.of(routing.messageBox().place(), routing.auditLedger());
        Disclosure hashing =
                pseudonyms.disclosure(new AuditDisclosure(AuditDisclosure.Level.HASHED, AuditDisclosure.Level.HASHED));
        // What the ledger has under a pseudonym already keeps it.
        this.disclosure = new Disclosure(
                text -> isMasked(text) ? text : name(text),
                address -> isMasked(address) ? address : hashing.recipient().apply(address),
                false);
    }

    /** The same message with a masked error. */
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
                view.lastError().map(this::text));
    }

    /** The same with masked recipients, replies and values of properties. */
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
                details.step());
    }

    private MessageDetails.Recipient of(MessageDetails.Recipient recipient) {
        return new MessageDetails.Recipient(address(recipient.address()), recipient.outcome(), text(recipient.reply()));
    }

    /** The same life with masked records and without the dialogues, which are full of addresses. */
    public MessageStory of(MessageStory story) {
        return new MessageStory(
                of(story.message()),
                story.events().stream()
                        .map(each -> new MessageStory.Event(of(each.record()), each.steps(), each.took(), List.of()))
                        .toList());
    }

    /** The same record with a masked private part; its proof no longer fits. */
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

    /** Values under their pseudonyms. */
    public Map<String, String> properties(Map<String, String> values) {
        Map<String, String> masked = new LinkedHashMap<>();
        values.forEach((name, value) -> masked.put(name, name(value)));
        return masked;
    }

    /** A text in which each address stands under its pseudonym. */
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
