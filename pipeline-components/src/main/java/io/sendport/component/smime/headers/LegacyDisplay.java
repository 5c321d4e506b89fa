package io.sendport.component.smime.headers;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import io.sendport.support.EncodedWords;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Repeats hidden header fields at the top of the text (RFC 9788 sections 5.2.2 and 5.2.3). A reader without header protection shows them; a
 * reader with it removes them. Only the main body parts are changed: the first of a multipart, all of an alternative. A text of more than a
 * megabyte, or one with an unknown charset, stays unchanged.
 */
final class LegacyDisplay {

    private static final Set<String> USER_FACING = Set.of(
            "subject",
            "from",
            "to",
            "cc",
            "date",
            "reply-to",
            "followup-to",
            "sender",
            "resent-from",
            "resent-to",
            "resent-cc",
            "resent-date",
            "resent-sender");
    private static final Set<String> CONTAINERS =
            Set.of("multipart/mixed", "multipart/alternative", "multipart/related");
    private static final long MAX_SIZE = 1024 * 1024;
    private static final int DEEPEST = 20;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final Pattern BODY_TAG = Pattern.compile("(?i)<body[^>]*>");

    private final List<String> lines = new ArrayList<>();

    LegacyDisplay(List<HeaderField> hidden) {
        hidden.forEach(field -> lines.add(field.name() + ": " + EncodedWords.decoded(field.value())));
    }

    /** RFC 9787 section 1.1.2. */
    static boolean isUserFacing(String name) {
        return USER_FACING.contains(name.toLowerCase(Locale.ROOT));
    }

    /** {@code entity} with the repeated fields, when fields are hidden and there is a place for them. */
    Entity on(Entity entity, Workspace workspace) throws IOException {
        return lines.isEmpty() ? entity : shown(entity, workspace, 0);
    }

    private Entity shown(Entity entity, Workspace workspace, int depth) throws IOException {
        ContentType type = ContentType.of(entity.header().first("Content-Type").orElse("text/plain"));
        // A part with a file name is a document, however it is shown.
        boolean attachment = type.parameter("name").isPresent()
                || entity.header()
                        .first("Content-Disposition")
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .filter(value -> value.startsWith("attachment") || value.contains("filename"))
                        .isPresent();
        // Any other multipart may be signed, and must stay unchanged.
        if (CONTAINERS.contains(type.name()) && depth < DEEPEST) {
            Optional<String> boundary = type.parameter("boundary");
            boolean all = type.name().equals("multipart/alternative");
            return boundary.isEmpty()
                    ? entity
                    : new Entity(
                            entity.header(),
                            workspace.write(
                                    out -> multipart(entity.body(), boundary.get(), all, workspace, depth, out)));
        }
        boolean text = type.name().equals("text/plain") || type.name().equals("text/html");
        return text && !attachment && entity.body().size() <= MAX_SIZE ? leaf(entity, type) : entity;
    }

    /** Copies line by line; the relevant parts go through {@link #shown}. */
    private void multipart(Body body, String boundary, boolean all, Workspace workspace, int depth, OutputStream out)
            throws IOException {
        try (InputStream in = new BufferedInputStream(body.open())) {
            MultipartReader source = new MultipartReader(in, boundary);
            source.copyToDelimiter(out);
            boolean first = true;
            while (source.isInside()) {
                out.write(source.delimiter());
                Body part = workspace.write(source::copyToDelimiter);
                if (first || all) {
                    part = rewritten(part, workspace, depth);
                }
                first = false;
                try (InputStream copied = part.open()) {
                    copied.transferTo(out);
                }
            }
            out.write(source.delimiter());
            in.transferTo(out);
        }
    }

    private Body rewritten(Body part, Workspace workspace, int depth) throws IOException {
        Optional<MimePart> read = MimePart.read(part);
        if (read.isEmpty()) {
            return part;
        }
        HeaderFields header = read.get().header();
        HeaderFields others = header.only(name -> !Entity.isContentField(name));
        Entity before =
                new Entity(header.only(Entity::isContentField), read.get().body());
        Entity after = shown(before, workspace, depth + 1);
        return after.equals(before)
                ? part
                : workspace.write(out -> {
                    others.writeTo(out);
                    after.writeTo(out);
                });
    }

    private Entity leaf(Entity entity, ContentType type) throws IOException {
        String transfer = entity.header()
                .first("Content-Transfer-Encoding")
                .orElse("7bit")
                .strip()
                .toLowerCase(Locale.ROOT);
        Optional<Charset> charset = charset(type.parameter("charset").orElse("us-ascii"));
        if (charset.isEmpty()) {
            return entity;
        }
        byte[] raw;
        try (InputStream in = entity.body().open()) {
            raw = in.readAllBytes();
        }
        byte[] decoded;
        try {
            decoded = switch (transfer) {
                case "base64" -> Base64.getMimeDecoder().decode(raw);
                case "quoted-printable" -> EncodedWords.quotedPrintable(raw);
                default -> raw;
            };
        } catch (IllegalArgumentException e) {
            return entity;
        }
        String text;
        try {
            text = charset.get().newDecoder().decode(ByteBuffer.wrap(decoded)).toString();
        } catch (CharacterCodingException e) {
            // The content does not match its encoding. Leave it unchanged.
            return entity;
        }
        String with = type.name().equals("text/html") ? html(text) : String.join("\r\n", lines) + "\r\n\r\n" + text;
        String encoded = Base64.getMimeEncoder(76, CRLF).encodeToString(with.getBytes(StandardCharsets.UTF_8)) + "\r\n";
        HeaderFields header = entity.header()
                .only(name ->
                        !name.equalsIgnoreCase("Content-Type") && !name.equalsIgnoreCase("Content-Transfer-Encoding"))
                .plus(
                        "Content-Type",
                        type.with("charset", "utf-8")
                                .with("hp-legacy-display", "1")
                                .toString())
                .plus("Content-Transfer-Encoding", "base64");
        return new Entity(header, Body.of(encoded, StandardCharsets.US_ASCII));
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String html(String text) {
        StringBuilder display = new StringBuilder("\r\n<div class=\"header-protection-legacy-display\">\r\n<pre>");
        display.append(String.join("\r\n", lines)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;"));
        display.append("</pre>\r\n</div>");
        Matcher body = BODY_TAG.matcher(text);
        int at = body.find() ? body.end() : 0;
        return text.substring(0, at) + display + text.substring(at);
    }
}
