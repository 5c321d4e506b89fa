package io.sendport.component.smime.headers;

import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A part of a multipart, parsed as far as needed to know its type.
 *
 * @param header all of its fields, unfolded
 * @param body the bytes after the header; read from the part when opened
 */
record MimePart(HeaderFields header, Body body) {

    private static final int MAX_HEADER = 64 * 1024;

    /** Reads the header of {@code part}; empty when it is longer than 64 KB, or contains a line that is not a field. */
    static Optional<MimePart> read(Body part) throws IOException {
        try (InputStream in = new BufferedInputStream(part.open())) {
            byte[] header = headerBytes(in);
            return header.length > MAX_HEADER
                    ? Optional.empty()
                    : fields(header).map(fields -> new MimePart(fields, new Rest(part, header.length)));
        }
    }

    /** All bytes up to and including the empty line; longer than {@code MAX_HEADER} without an empty line within that length. */
    private static byte[] headerBytes(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int matched = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            read.write(b);
            matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
            boolean hasNoField = read.size() == 2 && matched == 2;
            if (hasNoField || matched == 4 || read.size() > MAX_HEADER) {
                break;
            }
        }
        return read.toByteArray();
    }

    private static Optional<HeaderFields> fields(byte[] bytes) {
        HeaderFields fields = HeaderFields.none();
        for (String line : new String(bytes, StandardCharsets.ISO_8859_1)
                .replaceAll("\r\n[ \t]+", " ")
                .split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.chars().allMatch(c -> c == '\t' || (c >= 32 && c < 127))) {
                try {
                    fields = fields.plus(line.substring(0, colon), line.substring(colon + 1));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            } else if (!line.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(fields);
    }

    /** A body without its first bytes. */
    private record Rest(Body whole, long skipped) implements Body {
        @Override
        public InputStream open() throws IOException {
            InputStream in = whole.open();
            in.skipNBytes(skipped);
            return in;
        }

        @Override
        public long size() {
            return whole.size() - skipped;
        }
    }
}
