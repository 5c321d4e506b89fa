package io.sendport.component.mime;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes text through with every line ended by CRLF. Refuses NUL, a CR without LF, and lines of more than 998 bytes. */
final class CanonicalLines extends FilterOutputStream {

    private static final int LONGEST_LINE = 998;

    private final byte[] buffer = new byte[8192];
    private int filled;
    private boolean afterCr;
    private int line;

    CanonicalLines(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int value) throws IOException {
        byte b = (byte) value;
        if (afterCr && b != '\n') {
            throw new AssemblyException("the MIME content has a CR without LF, expected CRLF line ends");
        }
        if (b == 0) {
            throw new AssemblyException("the MIME content has a NUL byte, expected text with encoded parts");
        }
        if (b == '\r') {
            afterCr = true;
            return;
        }
        if (b == '\n') {
            put((byte) '\r');
            put((byte) '\n');
            afterCr = false;
            line = 0;
            return;
        }
        if (++line > LONGEST_LINE) {
            throw new AssemblyException(
                    "the MIME content has a line of more than 998 bytes, which relays need not accept");
        }
        put(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** Ends the last line and flushes everything. */
    void finish() throws IOException {
        if (afterCr) {
            throw new AssemblyException("the MIME content ends with a CR, expected CRLF line ends");
        }
        if (line > 0) {
            put((byte) '\r');
            put((byte) '\n');
        }
        out.write(buffer, 0, filled);
        filled = 0;
    }

    private void put(byte b) throws IOException {
        if (filled == buffer.length) {
            out.write(buffer, 0, filled);
            filled = 0;
        }
        buffer[filled++] = b;
    }
}
