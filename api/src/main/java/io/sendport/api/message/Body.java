package io.sendport.api.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;

/**
 * Bytes that can be read any number of times. A body may be in memory, in a spool file or in the message box. Read it as a stream; never
 * load it whole on the assumption that it fits.
 *
 * <p>Implementations are thread-safe; the streams that they open are not.
 */
public interface Body {

    /** A body without bytes. */
    Body EMPTY = of(new byte[0]);

    /**
     * Opens the bytes from the start. The caller closes the stream.
     *
     * @throws IOException when the bytes cannot be read; the message says what was tried
     */
    InputStream open() throws IOException;

    /** The number of bytes that {@link #open()} gives; never negative. */
    long size();

    /** A body in memory; the array is copied. */
    static Body of(byte[] bytes) {
        return new MemoryBody(bytes.clone());
    }

    /** A body in memory that holds {@code text} in {@code charset}. */
    static Body of(String text, Charset charset) {
        return new MemoryBody(text.getBytes(charset));
    }

    /** A body that uses the array itself. The caller promises never to change the array. */
    static Body wrapping(byte[] bytes) {
        return new MemoryBody(bytes);
    }

    /** A small body in memory. */
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
