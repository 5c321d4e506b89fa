package io.sendport.component.mime;

import io.sendport.api.component.AssembleScope;
import io.sendport.api.component.Assembler;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.Envelope;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mail;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.api.message.Properties;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a mail of a message: header and envelope from the port's {@code <mail>} and the context, the content from bodies and
 * attachments, or a message that is MIME already as it is. The same message always gives the same bytes.
 */
final class MimeAssembler implements Assembler {

    private final TransferEncoding encoding;
    private final ZoneId zone;

    /** Encodes the parts of messages in {@code encoding}; macros with a time zone use {@code zone}. */
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
        if (body.contentType().toLowerCase(java.util.Locale.ROOT).startsWith("message/rfc822")) {
            return passThrough(ReadyMime.read(body.body(), scope.workspace()), addressing.envelope(), header);
        }
        if (body.context().get(Properties.IS_MIME_ENCODED).orElse(false)) {
            ReadyMime ready = ReadyMime.read(body.body(), scope.workspace());
            return new Mail(addressing.envelope(), header.fields(), ready.entity());
        }
        Entity entity = new Content(message, settings, macros, encoding).node().render(scope.workspace());
        return new Mail(addressing.envelope(), header.fields(), entity);
    }

    /** A whole message as the mail itself: its own header stays, what it lacks is added; who gets it is for the port alone to say. */
    private static Mail passThrough(ReadyMime ready, Envelope envelope, MailHeader header) {
        HeaderFields own = ready.header()
                .only(name -> !name.equalsIgnoreCase("Bcc")
                        && !name.equalsIgnoreCase("Resent-Bcc")
                        && !name.equalsIgnoreCase("Return-Path")
                        && !Entity.isContentField(name));
        List<HeaderField> lacking = new ArrayList<>();
        for (HeaderField field : header.fields().fields()) {
            boolean needed =
                    switch (field.name()) {
                        case "From", "Date", "Message-ID", "MIME-Version" ->
                            own.first(field.name()).isEmpty();
                        default -> false;
                    };
            if (needed) {
                lacking.add(field);
            }
        }
        return new Mail(envelope, own.plus(new HeaderFields(lacking)), ready.entity());
    }
}
