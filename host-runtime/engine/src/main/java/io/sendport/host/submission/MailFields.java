package io.sendport.host.submission;

import io.sendport.api.mail.HeaderField;
import io.sendport.api.message.Body;
import io.sendport.support.EncodedWords;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The header of a submitted mail (RFC 5322, section 2.2). Immutable.
 *
 * @param fields the fields, unfolded, in their order
 * @param isMissing whether the mail has no header, because some scripts submit only text
 */
record MailFields(List<Field> fields, boolean isMissing) {

    private static final int MAX_LENGTH = 256 * 1024;
    private static final int MAX_FIELDS = 1_000;
    /** A mail has at least one of these; otherwise a line that looks like a field is text, such as {@code Error: disk full}. */
    private static final Set<String> KNOWN = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "date",
            "sender",
            "reply-to",
            "message-id",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "received",
            "return-path");

    private static final Pattern FIELD = Pattern.compile("[!-9;-~]{1,200}[ \\t]*:.*", Pattern.DOTALL);

    /**
     * One field.
     *
     * @param name the name as the mail has it
     * @param value unfolded; encoded words are not decoded
     */
    record Field(String name, String value) {}

    /** Copies the list. */
    MailFields {
        fields = List.copyOf(fields);
    }

    /**
     * Reads the header of {@code mail}.
     *
     * @throws IllegalArgumentException when the header is invalid; the message says why
     */
    static MailFields read(Body mail) throws IOException {
        try (InputStream in = new BufferedInputStream(mail.open())) {
            List<Field> fields = new ArrayList<>();
            StringBuilder unfolded = new StringBuilder();
            int total = 0;
            while (true) {
                byte[] bytes = line(in);
                String line = new String(bytes, StandardCharsets.UTF_8);
                total += bytes.length + 2;
                if (total > MAX_LENGTH || fields.size() > MAX_FIELDS) {
                    throw new IllegalArgumentException(
                            "the header has more than " + MAX_LENGTH + " bytes or " + MAX_FIELDS + " fields");
                }
                boolean continues = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
                if (continues && !unfolded.isEmpty()) {
                    unfolded.append(line);
                    continue;
                }
                if (!unfolded.isEmpty()) {
                    fields.add(field(unfolded.toString()));
                    unfolded.setLength(0);
                }
                boolean isField = FIELD.matcher(line).matches();
                if (!isField && fields.stream().noneMatch(MailFields::isKnown)) {
                    return new MailFields(List.of(), true);
                }
                if (line.isEmpty()) {
                    return new MailFields(fields, false);
                }
                if (!isField) {
                    throw new IllegalArgumentException("a header line is not a valid field");
                }
                unfolded.append(line);
            }
        }
    }

    /** Parses a line that matches {@link #FIELD}, with its continuation lines. */
    private static Field field(String line) {
        int colon = line.indexOf(':');
        String name = line.substring(0, colon).stripTrailing();
        String value = line.substring(colon + 1).strip();
        // Check the value as the mail will contain it: non-ASCII letters outside addresses are encoded.
        HeaderField checked = new HeaderField(
                name, HeaderField.holdsAddresses(name) ? value : value.replaceAll("[^\\x00-\\x7F]", "?"));
        return new Field(checked.name(), value);
    }

    private static boolean isKnown(Field field) {
        return KNOWN.contains(field.name().toLowerCase(Locale.ROOT));
    }

    /** Reads the next line; empty also at the end of the mail. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                bytes.write(c);
            }
            if (bytes.size() > MAX_LENGTH) {
                throw new IllegalArgumentException("a header line has more than " + MAX_LENGTH + " bytes");
            }
        }
        return bytes.toByteArray();
    }

    /** The value of the first field of that name, with encoded words decoded (RFC 2047). */
    Optional<String> text(String name) {
        return raw(name).map(EncodedWords::text);
    }

    /** The value of the first field of that name, undecoded. */
    Optional<String> raw(String name) {
        return fields.stream()
                .filter(each -> each.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }
}
