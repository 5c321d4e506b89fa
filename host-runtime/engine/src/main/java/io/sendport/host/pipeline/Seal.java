package io.sendport.host.pipeline;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The final bytes of a mail, with their digest. Sealing reads the bytes once. It refuses a bare CR or LF and NUL: some servers treat these
 * differently, so that a second mail could be smuggled in (CVE-2023-51764).
 *
 * @param bytes the header, an empty line, and the content
 * @param sha256 the SHA-256 of the bytes, hex
 * @param transparency what a relay must be able to carry
 */
record Seal(Body bytes, String sha256, Transparency transparency) {

    private static final int MAX_LINE = 998;
    private static final String ADVICE = " Correct the component that made these bytes, then resume the message";

    /**
     * Seals a mail.
     *
     * @throws IOException when the content cannot be read, or the bytes must not be sent
     */
    static Seal of(HeaderFields header, Entity entity) throws IOException {
        ByteArrayOutputStream top = new ByteArrayOutputStream(1024);
        header.writeTo(top);
        entity.header().writeTo(top);
        top.write('\r');
        top.write('\n');
        Body bytes = new Sequence(top.toByteArray(), entity.body());
        MessageDigest digest = newDigest();
        boolean eightBit = false;
        int line = 0;
        byte[] buffer = new byte[16 * 1024];
        int before = 0;
        try (InputStream in = bytes.open()) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, read);
                for (int i = 0; i < read; i++) {
                    int b = buffer[i];
                    if ((b == '\n') != (before == '\r') || b == 0) {
                        throw new IOException(
                                "the finished mail has a bare CR or LF, or a NUL byte; it is not sent." + ADVICE);
                    }
                    line = b == '\n' ? 0 : line + 1;
                    if (line > MAX_LINE + 1) {
                        throw new IOException("the finished mail has a line of more than " + MAX_LINE
                                + " bytes (RFC 5321 section 4.5.3.1.6); it is not sent." + ADVICE);
                    }
                    eightBit |= b < 0;
                    before = b;
                }
            }
        }
        if (before == '\r') {
            throw new IOException("the finished mail ends with a bare CR; it is not sent." + ADVICE);
        }
        return new Seal(bytes, HexFormat.of().formatHex(digest.digest()), transparency(top.toByteArray(), eightBit));
    }

    private static Transparency transparency(byte[] top, boolean eightBit) {
        for (byte b : top) {
            if (b < 0) {
                return Transparency.UTF8_HEADER;
            }
        }
        return eightBit ? Transparency.EIGHT_BIT : Transparency.SEVEN_BIT;
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** A header in memory, followed by the content from any source. */
    private static final class Sequence implements Body {
        private final byte[] header;
        private final Body content;

        Sequence(byte[] header, Body content) {
            this.header = header;
            this.content = content;
        }

        @Override
        public InputStream open() throws IOException {
            return new SequenceInputStream(new ByteArrayInputStream(header), content.open());
        }

        @Override
        public long size() {
            return header.length + content.size();
        }
    }
}
