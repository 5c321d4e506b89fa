package io.sendport.component.mime;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.settings.Settings;
import io.sendport.api.template.MacroText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The outer header fields of a mail, in their order. */
final class MailHeader {

    private static final DateTimeFormatter RFC_5322 =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH);
    /** Fields that have their own attribute, with its name. */
    private static final Map<String, String> ATTRIBUTES = Map.ofEntries(
            Map.entry("from", "from"),
            Map.entry("to", "to"),
            Map.entry("cc", "cc"),
            Map.entry("bcc", "bcc"),
            Map.entry("resent-bcc", "bcc"),
            Map.entry("reply-to", "replyTo"),
            Map.entry("subject", "subject"),
            Map.entry("return-path", "envelopeFrom"),
            Map.entry("disposition-notification-to", "readReceipt"),
            Map.entry("importance", "importance"));
    /** Fields that only Sendport may set. */
    private static final Set<String> OWN = Set.of("sender", "date", "message-id", "mime-version", "received");

    private final HeaderFields fields;

    MailHeader(Message message, MailSettings settings, Addressing addressing) {
        HeaderFields header = HeaderFields.none()
                .plus("Date", time(message.submittedAt()))
                .plus("From", EncodedText.mailboxes(java.util.List.of(addressing.from())));
        if (!addressing.replyTo().isEmpty()) {
            header = header.plus("Reply-To", EncodedText.mailboxes(addressing.replyTo()));
        }
        if (!addressing.to().isEmpty()) {
            header = header.plus("To", EncodedText.mailboxes(addressing.to()));
        } else if (addressing.cc().isEmpty()) {
            header = header.plus("To", "undisclosed-recipients:;");
        }
        if (!addressing.cc().isEmpty()) {
            header = header.plus("Cc", EncodedText.mailboxes(addressing.cc()));
        }
        String domain = addressing.from().address().withAsciiDomain().domain();
        header = header.plus(
                        "Subject",
                        EncodedText.unstructured(
                                settings.text("subject", MessageProperties.SUBJECT)
                                        .orElseGet(() -> settingsDefaultSubject(settings, message)),
                                "subject"))
                .plus("Message-ID", "<" + message.id() + "@" + domain + ">")
                .plus("MIME-Version", "1.0");
        header = header.plus(importance(settings));
        if (settings.flag("readReceipt", MessageProperties.READ_RECEIPT)) {
            header = header.plus(
                    "Disposition-Notification-To", EncodedText.mailboxes(java.util.List.of(addressing.from())));
        }
        var replyBy = settings.overriding(MessageProperties.REPLY_BY);
        if (replyBy.isPresent()) {
            header = header.plus("Reply-By", time(replyBy.get()));
        }
        for (Settings own : settings.elements("header")) {
            header = plusOwn(header, own, settings);
        }
        fields = header;
    }

    HeaderFields fields() {
        return fields;
    }

    /** Refuses a field that a port must not set with {@code <header>}. */
    private static void requireFree(String name) {
        String field = name.toLowerCase(Locale.ROOT);
        String attribute = ATTRIBUTES.get(field);
        if (attribute != null) {
            throw new AssemblyException("<header name=\"" + name + "\"> is not allowed, because the attribute "
                    + attribute + " of <mail> sets this field; set " + attribute
                    + ", delete this <header>, then reload and resume the message");
        }
        if (OWN.contains(field) || Entity.isContentField(name)) {
            throw new AssemblyException("<header name=\"" + name
                    + "\"> is not allowed, because only Sendport sets this field; delete this <header>, then reload and"
                    + " resume the message");
        }
    }

    private static HeaderFields plusOwn(HeaderFields header, Settings own, MailSettings settings) {
        String name = own.require("name");
        requireFree(name);
        String value = own.text("value", "");
        String where = "header " + name;
        boolean addresses = HeaderField.holdsAddresses(name)
                && !MacroText.parse(value).macros().isEmpty();
        return header.plus(
                name,
                addresses
                        ? EncodedText.mailboxes(settings.mailboxes(value, where))
                        : EncodedText.unstructured(settings.expand(value, where), where));
    }

    /** An absent subject means BizTalk's default; a present but empty one means an empty subject. */
    private static String settingsDefaultSubject(MailSettings settings, Message message) {
        return settings.has("subject") ? "" : message.id().value();
    }

    private static HeaderFields importance(MailSettings settings) {
        return switch (settings.text("importance").orElse("normal")) {
            case "high" -> HeaderFields.none().plus("Importance", "high").plus("X-Priority", "1");
            case "low" -> HeaderFields.none().plus("Importance", "low").plus("X-Priority", "5");
            case "normal" -> HeaderFields.none();
            default -> throw settings.notAllowed("importance", "expected low, normal or high");
        };
    }

    private static String time(Instant instant) {
        return RFC_5322.format(instant.atOffset(ZoneOffset.UTC));
    }
}
