package io.sendport.component.dkim;

import io.sendport.api.message.Body;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Computes the SHA-256 of content in its relaxed form (RFC 6376 section 3.4.4): white space within a line becomes one space; white space at
 * the end of a line and empty lines at the end of the content do not count. Uses a few kilobytes of memory, whatever the size of the
 * content. Not thread-safe.
 */
final class BodyHash {

    private static final int CHUNK = 16 * 1024;

    private final MessageDigest digest;
    private final byte[] relaxed = new byte[CHUNK];
    private int filled;
    private long lines;
    private boolean space;
    private boolean any;

    private BodyHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Returns the hash of {@code content}, whose lines end with CRLF. The last line may lack its line end, because SMTP adds it.
     *
     * @throws IOException when the content cannot be read
     */
    static byte[] of(Body content) throws IOException {
        BodyHash hash = new BodyHash();
        byte[] buffer = new byte[CHUNK];
        try (InputStream in = content.open()) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                for (int i = 0; i < read; i++) {
                    hash.take(buffer[i]);
                }
            }
        }
        return hash.end();
    }

    private void take(byte b) {
        switch (b) {
            case ' ', '\t' -> space = true;
            case '\r' -> {
                // An LF follows, because sealing refuses a bare CR.
            }
            case '\n' -> {
                space = false;
                lines++;
            }
            default -> {
                endLines();
                if (space) {
                    put((byte) ' ');
                    space = false;
                }
                put(b);
                any = true;
            }
        }
    }

    private void endLines() {
        for (; lines > 0; lines--) {
            put((byte) '\r');
            put((byte) '\n');
        }
    }

    private void put(byte b) {
        if (filled == relaxed.length) {
            digest.update(relaxed);
            filled = 0;
        }
        relaxed[filled++] = b;
    }

    private byte[] end() {
        if (any) {
            lines = 1;
            endLines();
        }
        digest.update(relaxed, 0, filled);
        return digest.digest();
    }
}
