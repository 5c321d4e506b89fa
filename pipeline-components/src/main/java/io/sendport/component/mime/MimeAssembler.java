package io.sendport.component.mime;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.component.Assembler;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.Envelope;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mail;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Assembles a mail from a message. Header and envelope come from the port's {@code <mail>} and the context. The content comes from bodies
 * and attachments; a message that is already MIME is kept unchanged. The same message always gives the same bytes.
 */
final class MimeAssembler implements Assembler {

    /** Fields that state the origin and identity of a mail. Only the port determines them. */
    private static final Set<String> ORIGIN = Set.of(
            "from",
            "sender",
            "reply-to",
            "message-id",
            "resent-from",
            "resent-sender",
            "resent-reply-to",
            "resent-message-id");

    private static final Set<String> HANDLED_BY_SERVERS = Set.of("bcc", "resent-bcc", "return-path");

    private final TransferEncoding encoding;
    private final ZoneId zone;

    /** Encodes the parts of messages with {@code encoding}; macros with a time zone use {@code zone}. */
    MimeAssembler(TransferEncoding encoding, ZoneId zone) {
        this.encoding = encoding;
        this.zone = zone;
    }

    @Override
    public Mail assemble(Message message, AssembleScope scope) throws Exception {
        Macros macros = new Macros(message, zone);
        MailSettings settings = new MailSettings(scope, message, macros);
        Addressing addressing = Addressing.of(settings);
        MailHeader header = new MailHeader(message, settings, addressing);
        Part body = message.bodyPart();
        if (body.contentType().toLowerCase(Locale.ROOT).startsWith("message/rfc822")) {
            return whole(
                    ParsedMime.read(body.body(), scope.workspace()),
                    addressing.envelope(),
                    header,
                    settings.flag("passThroughHeaders"));
        }
        if (body.context().get(MessageProperties.IS_MIME_ENCODED).orElse(false)) {
            ParsedMime parsed = ParsedMime.read(body.body(), scope.workspace());
            return new Mail(addressing.envelope(), header.fields(), parsed.entity());
        }
        Entity entity = new Content(message, settings, macros, encoding).node().render(scope.workspace());
        return new Mail(addressing.envelope(), header.fields(), entity);
    }

    /**
     * Uses a whole MIME message as the mail. Keeps its header and adds missing fields. Only the port determines the recipients, and
     * also the sender unless the port passes it through.
     */
    private static Mail whole(ParsedMime parsed, Envelope envelope, MailHeader header, boolean passThroughHeaders) {
        HeaderFields own = parsed.header()
                .only(name -> !HANDLED_BY_SERVERS.contains(name.toLowerCase(Locale.ROOT))
                        && (passThroughHeaders || !ORIGIN.contains(name.toLowerCase(Locale.ROOT)))
                        && !Entity.isContentField(name));
        List<HeaderField> lacking = new ArrayList<>();
        for (HeaderField field : header.fields().fields()) {
            boolean needed =
                    switch (field.name()) {
                        case "From", "Date", "Message-ID", "MIME-Version" ->
                            own.first(field.name()).isEmpty();
                        case "Reply-To" -> !passThroughHeaders;
                        default -> false;
                    };
            if (needed) {
                lacking.add(field);
            }
        }
        return new Mail(envelope, own.plus(new HeaderFields(lacking)), parsed.entity());
    }
}
