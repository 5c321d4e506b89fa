package io.sendport.samples.mailapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.MailAddress;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Properties;

/**
 * Converts a mail to the JSON of the API: {@code personalizations}, {@code from}, {@code subject}, {@code content}, {@code attachments}.
 */
final class MailJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode content = JSON.createArrayNode();
    private final ArrayNode attachments = JSON.createArrayNode();

    private MailJson() {}

    /**
     * Returns the request for a delivery.
     *
     * @throws IOException when the mail cannot be read
     * @throws MessagingException when the API cannot represent the mail
     */
    static byte[] of(Delivery delivery) throws IOException, MessagingException {
        MimeMessage mail;
        try (InputStream in = delivery.mail().open()) {
            mail = new MimeMessage(Session.getInstance(new Properties()), in);
        }
        return new MailJson().write(delivery, mail);
    }

    private byte[] write(Delivery delivery, MimeMessage mail) throws IOException, MessagingException {
        // One for each recipient, so that recipients do not see each other's addresses.
        ArrayNode personalizations = root.putArray("personalizations");
        for (MailAddress each : delivery.recipients()) {
            personalizations.addObject().putArray("to").addObject().put("email", each.toString());
        }
        from(delivery, mail);
        root.put("subject", mail.getSubject() == null ? "" : mail.getSubject());
        add(mail);
        if (content.isEmpty()) {
            content.addObject().put("type", "text/plain").put("value", " ");
        }
        root.set("content", content);
        if (!attachments.isEmpty()) {
            root.set("attachments", attachments);
        }
        root.putObject("headers").put("Message-ID", delivery.mimeMessageId());
        return JSON.writeValueAsBytes(root);
    }

    private void from(Delivery delivery, MimeMessage mail) throws MessagingException {
        Address[] given = mail.getFrom();
        ObjectNode from = root.putObject("from");
        if (given != null && given.length > 0 && given[0] instanceof InternetAddress address) {
            from.put("email", address.getAddress());
            if (address.getPersonal() != null) {
                from.put("name", address.getPersonal());
            }
        } else {
            from.put("email", delivery.sender().map(MailAddress::toString).orElse(""));
        }
    }

    private void add(Part part) throws IOException, MessagingException {
        if (List.of("signed", "encrypted", "pkcs7-mime").stream().anyMatch(kind -> isKind(part, kind))) {
            throw new MessagingException("a mail API cannot carry a signed or encrypted mail");
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                add(parts.getBodyPart(i));
            }
            return;
        }
        byte[] bytes;
        try (InputStream in = part.getInputStream()) {
            bytes = in.readAllBytes();
        }
        String type = part.getContentType().replaceAll(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
        // The body of a mail may also have a file name.
        boolean isBody = (part.getFileName() == null || content.isEmpty())
                && !Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition())
                && (type.equals("text/plain") || type.equals("text/html"))
                && part.getContent() instanceof String;
        if (isBody) {
            content.addObject().put("type", type).put("value", (String) part.getContent());
        } else {
            attachments
                    .addObject()
                    .put("content", Base64.getEncoder().encodeToString(bytes))
                    .put("type", type)
                    .put("filename", part.getFileName() == null ? "part" : part.getFileName())
                    .put("disposition", "attachment");
        }
    }

    private static boolean isKind(Part part, String kind) {
        try {
            return part.getContentType().toLowerCase(java.util.Locale.ROOT).contains(kind);
        } catch (MessagingException e) {
            return false;
        }
    }
}
