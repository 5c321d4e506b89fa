package io.sendport.host.alert;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.config.AlertSettings;
import io.sendport.host.condition.alert.Alert;
import io.sendport.support.EncodedWords;
import io.sendport.support.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes an alert as a plain-text mail (RFC 5322). The same alert always has the same Message-ID. */
final class AlertMail {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final byte[] CRLF = {'\r', '\n'};
    private static final int LINE_LENGTH = 76;

    private AlertMail() {}

    static Delivery delivery(Alert alert, AlertSettings.Mail mail, AlertSender sender) {
        String id =
                "<alert-" + alert.id() + "@" + IDN.toASCII(mail.from().address().domain()) + ">";
        HeaderFields header = HeaderFields.none()
                .plus("From", boxes(List.of(mail.from())))
                .plus("To", boxes(mail.to()))
                .plus("Subject", encoded(AlertText.subject(alert, sender)))
                .plus("Date", DATE.format(alert.at()))
                .plus("Message-ID", id)
                // RFC 3834 section 5: asks receivers not to answer automatically.
                .plus("Auto-Submitted", "auto-generated")
                .plus("Sendport-Alert-Id", alert.id())
                .plus("MIME-Version", "1.0")
                .plus("Content-Type", "text/plain; charset=UTF-8")
                .plus("Content-Transfer-Encoding", "base64");
        byte[] text = AlertText.body(alert, sender).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            header.writeTo(bytes);
            boolean isAscii = isAscii(bytes.toByteArray());
            bytes.write(CRLF);
            bytes.write(Base64.getMimeEncoder(LINE_LENGTH, CRLF).encode(text));
            bytes.write(CRLF);
            byte[] mailBytes = bytes.toByteArray();
            return new Delivery(
                    new MessageId(alert.id()),
                    1,
                    Optional.of(mail.from().address()),
                    mail.to().stream().map(Mailbox::address).distinct().toList(),
                    Handling.USUAL,
                    Body.wrapping(mailBytes),
                    isAscii ? Transparency.SEVEN_BIT : Transparency.UTF8_HEADER,
                    Sha256.hex(mailBytes),
                    id);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an alert mail to memory", e);
        }
    }

    private static String boxes(List<Mailbox> boxes) {
        return boxes.stream()
                .map(each -> isAscii(each.name().getBytes(StandardCharsets.UTF_8))
                        ? Mailbox.writeList(List.of(each))
                        : encoded(each.name()) + " <" + each.address() + ">")
                .collect(Collectors.joining(", "));
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns ASCII text unchanged, and other text as encoded words (RFC 2047). */
    private static String encoded(String text) {
        return isAscii(text.getBytes(StandardCharsets.UTF_8)) ? text : EncodedWords.encoded(text);
    }
}
