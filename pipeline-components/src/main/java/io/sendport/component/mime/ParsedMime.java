package io.sendport.component.mime;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Content that is already MIME, with its parsed header and its unchanged body. Line ends become CRLF when all of them are a bare LF. A
 * bare CR or a NUL is refused, because relays may read it differently (SMTP smuggling).
 */
record ParsedMime(HeaderFields header, Body body) {

    private static final int MAX_HEADER = 256 * 1024;

    /**
     * Reads the header and keeps the rest.
     *
     * @throws AssemblyException when the header is not valid, or a line end is neither CRLF nor LF
     */
    static ParsedMime read(Body content, Workspace workspace) throws IOException {
        try (InputStream in = new BufferedInputStream(content.open())) {
            HeaderFields header = header(in);
            Body body = workspace.write(out -> {
                CanonicalLines lines = new CanonicalLines(out);
                in.transferTo(lines);
                lines.finish();
            });
            return new ParsedMime(header, body);
        }
    }

    /** The entity of the Content-* fields and the body. */
    Entity entity() {
        return new Entity(header.only(Entity::isContentField), body);
    }

    private static HeaderFields header(InputStream in) throws IOException {
        List<HeaderField> fields = new ArrayList<>();
        StringBuilder unfolded = new StringBuilder();
        int total = 0;
        while (true) {
            String line = line(in);
            total += line.length() + 2;
            if (total > MAX_HEADER) {
                throw new AssemblyException("the header of the MIME content is longer than " + MAX_HEADER
                        + " bytes; submit the message again with a shorter header");
            }
            if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                unfolded.append(' ').append(line.strip());
                continue;
            }
            if (!unfolded.isEmpty()) {
                fields.add(field(unfolded.toString(), fields.size() + 1));
            }
            unfolded.setLength(0);
            if (line.isEmpty()) {
                return new HeaderFields(fields);
            }
            unfolded.append(line);
        }
    }

    private static HeaderField field(String line, int number) {
        int colon = line.indexOf(':');
        try {
            if (colon <= 0) {
                throw new IllegalArgumentException("field " + number + " has no colon after its name");
            }
            String name = line.substring(0, colon).stripTrailing();
            return new HeaderField(name, encoded(name, line.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(
                    "the content claims to be MIME, but its header is not valid: " + e.getMessage()
                            + "; submit the message again with a valid header",
                    e);
        }
    }

    /**
     * Programs often write non-ASCII letters into a header unencoded, usually in UTF-8. They are encoded by RFC 2047, which every relay
     * accepts.
     */
    private static String encoded(String name, String bytes) {
        if (bytes.chars().allMatch(c -> c < 0x80)) {
            return bytes;
        }
        String text = text(bytes).strip();
        if (!HeaderField.holdsAddresses(name)) {
            return EncodedText.unstructured(text, name);
        }
        try {
            return EncodedText.mailboxes(Mailbox.parseList(text));
        } catch (IllegalArgumentException e) {
            // A group, or not a list at all: keep it unchanged where a header allows it.
            return text;
        }
    }

    private static String text(String bytes) {
        byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(120);
        for (int b; (b = in.read()) >= 0 && b != '\n'; ) {
            line.write(b);
            if (line.size() > MAX_HEADER) {
                throw new AssemblyException("the header of the MIME content has a line of more than " + MAX_HEADER
                        + " bytes; shorten that line or fold it, and submit the message again");
            }
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
