package io.sendport.test;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A mail with its bytes and its parsed parts. Immutable and thread-safe. */
public final class ParsedMail {

    private final String envelopeFrom;
    private final List<String> recipients;
    private final byte[] bytes;
    private final MimeMessage header;
    private final List<Leaf> leaves = new ArrayList<>();

    /** A part without nested parts. Its name is empty if it has no file name. */
    private record Leaf(Attachment part, Optional<String> text) {}

    /** An attachment. Immutable and thread-safe. */
    public static final class Attachment {

        private final String name;
        private final String type;
        private final byte[] content;

        private Attachment(String name, String type, byte[] content) {
            this.name = name;
            this.type = type;
            this.content = content;
        }

        /** The file name. */
        public String name() {
            return name;
        }

        /** The media type, such as {@code application/pdf}. */
        public String type() {
            return type;
        }

        /** The decoded bytes. */
        public byte[] content() {
            return content.clone();
        }

        @Override
        public String toString() {
            return name + " (" + type + ", " + content.length + " bytes)";
        }
    }

    /**
     * @param envelopeFrom the sender in the envelope; empty for none
     * @param recipients the recipients in the envelope
     * @param bytes header and content
     */
    ParsedMail(String envelopeFrom, List<String> recipients, byte[] bytes) {
        this.envelopeFrom = envelopeFrom;
        this.recipients = List.copyOf(recipients);
        this.bytes = bytes.clone();
        try {
            header = new MimeMessage(null, new ByteArrayInputStream(bytes));
            collect(header);
        } catch (MessagingException | IOException e) {
            throw new AssertionError("cannot parse the mail: " + e.getMessage(), e);
        }
    }

    private void collect(Part part) throws MessagingException, IOException {
        Object content = part.isMimeType("multipart/*") || part.isMimeType("text/*") ? part.getContent() : "";
        if (content instanceof Multipart nested) {
            for (int i = 0; i < nested.getCount(); i++) {
                BodyPart each = nested.getBodyPart(i);
                collect(each);
            }
            return;
        }
        byte[] decoded;
        try (InputStream in = part.getInputStream()) {
            decoded = in.readAllBytes();
        }
        String type = part.getContentType().replaceFirst(";.*", "").strip();
        boolean isText = part.isMimeType("text/*") && content instanceof String;
        String name = part.getFileName();
        leaves.add(new Leaf(
                new Attachment(
                        name == null ? "" : MimeUtility.decodeText(name),
                        type.toLowerCase(java.util.Locale.ROOT),
                        decoded),
                isText ? Optional.of((String) content) : Optional.empty()));
    }

    /** The sender in the envelope; empty for none. */
    public String envelopeFrom() {
        return envelopeFrom;
    }

    /** The recipients in the envelope, including Bcc. For a received mail, those that the relay accepted. */
    public List<String> recipients() {
        return recipients;
    }

    /** The decoded value of a header field; empty when the field is absent. */
    public Optional<String> header(String name) {
        try {
            String value = header.getHeader(name, ", ");
            return value == null ? Optional.empty() : Optional.of(MimeUtility.decodeText(MimeUtility.unfold(value)));
        } catch (MessagingException | IOException e) {
            throw new AssertionError("cannot decode the field " + name + ": " + e.getMessage(), e);
        }
    }

    /** The subject; may be empty. */
    public String subject() {
        return header("Subject").orElse("");
    }

    /** The field From; may be empty. */
    public String from() {
        return header("From").orElse("");
    }

    /** The field To; may be empty. */
    public String to() {
        return header("To").orElse("");
    }

    /**
     * The plain text.
     *
     * @throws AssertionError when the mail has none
     */
    public String text() {
        return textOf("text/plain");
    }

    /**
     * The HTML text.
     *
     * @throws AssertionError when the mail has none
     */
    public String html() {
        return textOf("text/html");
    }

    private String textOf(String type) {
        return leaves.stream()
                .filter(each ->
                        each.part().type().equals(type) && each.part().name().isEmpty())
                .findFirst()
                .flatMap(Leaf::text)
                .orElseThrow(() -> new AssertionError("the mail has no " + type + "; it has "
                        + leaves.stream().map(each -> each.part().type()).toList()));
    }

    /** The decoded bytes of the first part, whatever its type. */
    public byte[] content() {
        return leaves.get(0).part().content();
    }

    /** The parts with a file name, in order. */
    public List<Attachment> attachments() {
        return leaves.stream()
                .map(Leaf::part)
                .filter(each -> !each.name().isEmpty())
                .toList();
    }

    /** Header and content as on the wire. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Header and content as text, one character for each byte. */
    public String raw() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParsedMail mail
                && mail.envelopeFrom.equals(envelopeFrom)
                && mail.recipients.equals(recipients)
                && Arrays.equals(mail.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The raw mail, so that a failed assertion shows it. */
    @Override
    public String toString() {
        return "from " + envelopeFrom + " to " + recipients + "\n" + raw();
    }
}
