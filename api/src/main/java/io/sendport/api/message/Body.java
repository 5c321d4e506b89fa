package io.sendport.api.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;

/**
 * Bytes that can be read any number of times. A body may lie in memory, in a spool file or in the message box, so it is
 * read as a stream and never held whole because it usually fits.
 *
 * <p>Implementations are safe for use by several threads; the streams they open are not.
 */
public interface Body {

    /** A body without bytes. */
    Body EMPTY = of(new byte[0]);

    /**
     * Opens the bytes from the start. The caller closes the stream.
     *
     * @throws IOException when the bytes are out of reach, with what was tried
     */
    InputStream open() throws IOException;

    /** The number of bytes {@link #open()} will give; never negative. */
    long size();

    /** A body in memory; the array is copied. */
    static Body of(byte[] bytes) {
        return new MemoryBody(bytes.clone());
    }

    /** A body in memory that holds {@code text} in {@code charset}. */
    static Body of(String text, Charset charset) {
        return new MemoryBody(text.getBytes(charset));
    }

    /** A body over an array that the caller promises never to change again. */
    static Body wrapping(byte[] bytes) {
        return new MemoryBody(bytes);
    }

    /** The bytes of a small body lie in memory. */
    final class MemoryBody implements Body {
        private final byte[] bytes;

        private MemoryBody(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public String toString() {
            return "Body[" + bytes.length + " bytes in memory]";
        }
    }
}
