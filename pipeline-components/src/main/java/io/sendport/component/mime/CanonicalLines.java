package io.sendport.component.mime;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes text through with every line ended by CRLF. Refuses NUL, a CR without LF, and lines of more than 998 bytes. */
final class CanonicalLines extends FilterOutputStream {

    private static final int MAX_LINE = 998;

    private final byte[] buffer = new byte[8192];
    private int filled;
    private boolean afterCr;
    /** The length of the line that is being written. */
    private int length;

    private int number = 1;

    CanonicalLines(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int value) throws IOException {
        byte b = (byte) value;
        if (afterCr && b != '\n') {
            throw refused("has a CR without LF; end each line with CRLF");
        }
        if (b == 0) {
            throw refused("has a NUL byte; encode that part with base64");
        }
        if (b == '\r') {
            afterCr = true;
            return;
        }
        if (b == '\n') {
            put((byte) '\r');
            put((byte) '\n');
            afterCr = false;
            length = 0;
            number++;
            return;
        }
        if (++length > MAX_LINE) {
            throw refused("is longer than " + MAX_LINE + " bytes, the limit of RFC 5322;"
                    + " encode that part with quoted-printable or base64, and submit the message again");
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
            throw refused("ends with CR instead of CRLF");
        }
        if (length > 0) {
            put((byte) '\r');
            put((byte) '\n');
        }
        out.write(buffer, 0, filled);
        filled = 0;
    }

    private AssemblyException refused(String why) {
        return new AssemblyException("line " + number + " after the header of the MIME content " + why);
    }

    private void put(byte b) throws IOException {
        if (filled == buffer.length) {
            out.write(buffer, 0, filled);
            filled = 0;
        }
        buffer[filled++] = b;
    }
}
