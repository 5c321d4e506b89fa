package io.sendport.component.mime;

import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MediaType;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.settings.Settings;
import io.sendport.support.FileName;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The content of a mail: one or two bodies, inline images, attachments. Plain text and HTML become multipart/alternative. HTML with its
 * images becomes multipart/related. Attachments make the whole multipart/mixed.
 */
final class Content {

    private static final String NOT_IN_CONTENT_ID = "<>\"\\()[],;:";
    private static final int MAX_TEXT = 16 * 1024 * 1024;

    private static final String DIRECTION = "[\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]";

    private final Message message;
    private final MailSettings settings;
    private final Macros macros;
    private final MailFiles files;
    private final TransferEncoding encoding;
    private int boundaries;

    Content(Message message, MailSettings settings, Macros macros, TransferEncoding encoding) {
        this.message = message;
        this.settings = settings;
        this.macros = macros;
        this.files = new MailFiles(settings, macros);
        this.encoding = encoding;
    }

    MimeNode node() {
        files.requireFolder(MessageProperties.ATTACHMENTS, "attach");
        List<MimeNode> plain = new ArrayList<>();
        List<MimeNode> html = new ArrayList<>();
        for (MimeNode.Leaf leaf : bodies()) {
            boolean isHtml = leaf.fields().first("Content-Type").orElse("").startsWith("text/html");
            (isHtml ? html : plain).add(leaf);
        }
        List<MimeNode> inline = new ArrayList<>();
        List<MimeNode> attached = new ArrayList<>();
        for (Settings attach : settings.elements("attach")) {
            boolean isInline = attach.has("contentId") && !html.isEmpty();
            (isInline ? inline : attached).addAll(attachments(attach, plain.isEmpty() && html.isEmpty()));
        }
        if (plain.isEmpty() && html.isEmpty()) {
            plain.add(wholeBody());
        }
        if (!inline.isEmpty()) {
            html = List.of(multipart("related", concat(html, inline)));
        }
        List<MimeNode> bodies = concat(plain, html);
        MimeNode body = bodies.size() == 1 ? bodies.get(0) : multipart("alternative", bodies);
        return attached.isEmpty() ? body : multipart("mixed", concat(List.of(body), attached));
    }

    private List<MimeNode.Leaf> bodies() {
        Optional<String> own = settings.overriding(MessageProperties.EMAIL_BODY_TEXT);
        if (own.isPresent()) {
            String charset = settings.overriding(MessageProperties.EMAIL_BODY_TEXT_CHARSET)
                    .orElse("utf-8");
            return List.of(text(own.get(), "text/plain", charset, MessageProperties.EMAIL_BODY_TEXT.name()));
        }
        files.requireFolder(MessageProperties.EMAIL_BODY_FILE, "body");
        List<MimeNode.Leaf> leaves = new ArrayList<>();
        for (Settings body : settings.elements("body")) {
            if (MailFiles.isFolder(body)) {
                files.body(body).ifPresent(file -> leaves.add(body(body, file)));
            } else if (body.text("file").isPresent()) {
                files.file(body).ifPresent(file -> leaves.add(body(body, file)));
            } else {
                String type = body.text("type", "text/plain");
                String template = body.text("text", body.content());
                leaves.add(text(macros.expand(template, "<body>"), type, body.text("charset", "utf-8"), "<body>"));
            }
        }
        return leaves;
    }

    private MimeNode.Leaf body(Settings body, FileBody file) {
        String charset = body.text("charset", "utf-8");
        String where = MailFiles.isFolder(body)
                ? MessageProperties.EMAIL_BODY_FILE.name()
                : "<body file=\"" + body.text("file", "") + "\">";
        String name = file.name().toLowerCase(Locale.ROOT);
        String type = body.text("type", name.endsWith(".htm") || name.endsWith(".html") ? "text/html" : "text/plain");
        try (InputStream in = file.open()) {
            byte[] bytes = in.readNBytes(MAX_TEXT + 1);
            if (bytes.length > MAX_TEXT) {
                throw new AssemblyException(where + ": the file is larger than 16 MB");
            }
            return text(macros.expand(decode(bytes, charset, where), where), type, charset, where);
        } catch (IOException e) {
            throw new AssemblyException(where + ": the file cannot be read: " + MailFiles.reason(e));
        }
    }

    private static String decode(byte[] bytes, String charset, String where) {
        try {
            CharBuffer text = charset(charset, where).newDecoder().decode(ByteBuffer.wrap(bytes));
            String decoded = text.toString();
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw new AssemblyException(where + ": the file is not in charset " + charset, e);
        }
    }

    private static MimeNode.Leaf text(String text, String type, String charset, String where) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        byte[] bytes;
        try {
            ByteBuffer encoded = charset(charset, where).newEncoder().encode(CharBuffer.wrap(lines));
            bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
        } catch (CharacterCodingException e) {
            throw new AssemblyException(
                    where + ": the text has a character that is not in charset " + Text.printable(charset), e);
        }
        HeaderFields fields =
                HeaderFields.none().plus("Content-Type", type + "; charset=" + charset.toLowerCase(Locale.ROOT));
        return new MimeNode.Leaf(fields, Body.wrapping(bytes), TransferEncoding.forText(bytes));
    }

    private static Charset charset(String name, String where) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // The exception quotes the name, which may come from the message.
            throw new AssemblyException(where + ": unknown charset; expected a charset such as utf-8");
        }
    }

    /** The message itself as the body of the mail. */
    private MimeNode wholeBody() {
        Part part = message.bodyPart();
        HeaderFields fields =
                HeaderFields.none().plus("Content-Type", contentType(part, Optional.empty(), part.fileName()));
        if (part.fileName().isPresent()) {
            fields = fields.plus(
                    "Content-Disposition",
                    "inline"
                            + EncodedText.parameter(
                                    "filename", fileName(part.fileName().get())));
        }
        return new MimeNode.Leaf(fields, part.body(), encoding);
    }

    private List<MimeNode> attachments(Settings attach, boolean messageIsBody) {
        if (MailFiles.isFolder(attach)) {
            return files.attachments(attach).stream()
                    .map(file -> fromFile(attach, file))
                    .toList();
        }
        if (attach.text("file").isPresent()) {
            return files.file(attach).stream()
                    .map(file -> fromFile(attach, file))
                    .toList();
        }
        int first = messageIsBody ? 1 : 0;
        int end =
                switch (attach.text("parts", "none")) {
                    case "body" -> 1;
                    case "all" -> message.parts().size();
                    default -> 0;
                };
        List<MimeNode> nodes = new ArrayList<>();
        for (int i = first; i < end; i++) {
            Part part = message.parts().get(i);
            boolean isBody = i == 0;
            Optional<String> name = (isBody
                            ? attach.text("name").map(given -> macros.expand(given, "attach name"))
                            : Optional.<String>empty())
                    .or(part::fileName)
                    .or(() -> Optional.of(defaultName(part)));
            nodes.add(attachment(
                    attach,
                    contentType(part, isBody ? attach.text("type") : Optional.empty(), name),
                    name.get(),
                    part.body()));
        }
        return nodes;
    }

    private MimeNode fromFile(Settings attach, FileBody file) {
        String name = attach.text("name")
                .map(each -> macros.expand(each, "attach name"))
                .orElse(file.name());
        String type = attach.text("type").orElse(MediaTypes.ofFileName(name));
        return attachment(attach, type, name, file);
    }

    private MimeNode attachment(Settings attach, String type, String name, Body body) {
        String fileName = fileName(name);
        Optional<String> contentId = attach.text("contentId");
        HeaderFields fields = HeaderFields.none().plus("Content-Type", type);
        if (contentId.isPresent()) {
            String id = macros.expand(contentId.get(), "contentId");
            Text.locate(id, c -> c <= 32 || c >= 127 || NOT_IN_CONTENT_ID.indexOf(c) >= 0)
                    .ifPresent(found -> {
                        throw new AssemblyException("<attach contentId>: the value has " + found
                                + ", which is not allowed in a Content-ID; use letters and digits in ASCII");
                    });
            fields = fields.plus("Content-ID", "<" + id + ">");
        }
        fields = fields.plus(
                "Content-Disposition",
                (contentId.isPresent() ? "inline" : "attachment") + EncodedText.parameter("filename", fileName));
        return new MimeNode.Leaf(fields, body, encoding);
    }

    private static String contentType(Part part, Optional<String> given, Optional<String> name) {
        String type = given.orElse(part.contentType());
        if (type.isEmpty()) {
            return MediaTypes.ofFileName(name.orElse(""));
        }
        if (!MediaType.isWellFormed(type)) {
            throw new AssemblyException("content type \"" + Text.printable(type) + "\" of part " + part.name()
                    + " is not valid; expected type/subtype, such as application/pdf. If a map or component sets it,"
                    + " correct that and resume the message. Otherwise correct the program that submits, submit again and"
                    + " terminate this message");
        }
        // These types must not be encoded (RFC 2046 section 5.2.1), but attachments always are.
        boolean composite =
                type.regionMatches(true, 0, "message/", 0, 8) || type.regionMatches(true, 0, "multipart/", 0, 10);
        return composite ? "application/octet-stream" : type;
    }

    private String defaultName(Part part) {
        return message.id().brief() + "-" + part.name() + MediaTypes.extensionOf(part.contentType());
    }

    /**
     * The last element of what may be a path, because a name must not lead to another folder at the receiver. Removes characters that
     * change the text direction, because they can disguise the extension.
     */
    private static String fileName(String name) {
        EncodedText.refuseControls(name, "a file name");
        String last = FileName.of(name).replaceAll(DIRECTION, "");
        boolean isUnusable = last.isBlank() || last.equals(".") || last.equals("..");
        if (isUnusable || last.getBytes(StandardCharsets.UTF_8).length > 255) {
            throw new AssemblyException((isUnusable
                            ? "the file name of an attachment has no characters except blanks and dots"
                            : "the file name of an attachment is longer than 255 bytes")
                    + "; set another name with <attach name>, then resume the message. Where that has no effect, submit the"
                    + " message again with another file name and terminate this one");
        }
        return last;
    }

    private MimeNode.Multipart multipart(String subtype, List<MimeNode> children) {
        String boundary = "=_" + message.id().value().replace("-", "") + "_" + ++boundaries;
        return new MimeNode.Multipart(subtype, boundary, children);
    }

    private static List<MimeNode> concat(List<MimeNode> first, List<MimeNode> second) {
        List<MimeNode> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
