package io.sendport.host.submission;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads command lines and mails of limited size from a client. Only CR LF ends a line, and only CR LF . CR LF ends a mail (RFC 5321,
 * section 2.3.8). Any other sequence that some servers accept as an end is a fault, so that no mail can be hidden in another. For one
 * thread.
 */
final class ClientInput {

    /** Leaves room for parameters (RFC 5321, section 4.5.3.1.4); a base64 response of AUTH may be longer (RFC 4954, section 4). */
    private static final int MAX_LINE = 12_288;

    private static final int BUFFER = 16 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;

    ClientInput(InputStream in) {
        this.in = in;
    }

    /** What is wrong with a line. */
    enum Fault {
        NONE,
        TOO_LONG,
        BARE_NEWLINE,
        NO_TEXT
    }

    /**
     * A command line.
     *
     * @param text the line without CR LF; empty when there is a fault
     * @param fault what is wrong with it
     */
    record Line(String text, Fault fault) {}

    /**
     * The result of reading a mail.
     *
     * @param size the number of its bytes, without the dots that SMTP adds
     * @param tooLarge whether it exceeds the limit; the bytes beyond the limit were dropped
     * @param bareNewline whether it contains a bare CR or LF
     * @param nul whether it contains a NUL
     */
    record Content(long size, boolean tooLarge, boolean bareNewline, boolean nul) {}

    /** Whether there is input that was not read yet. */
    boolean hasMore() throws IOException {
        return at < end || in.available() > 0;
    }

    private int next() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
            if (end == 0) {
                throw new EOFException("the client closed the connection");
            }
        }
        return buffer[at++] & 0xFF;
    }

    /**
     * The next command line.
     *
     * @throws EOFException when the client closed the connection
     */
    Line line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        int length = 0;
        boolean afterCr = false;
        while (true) {
            int c = next();
            if (c == '\n') {
                if (!afterCr) {
                    return new Line("", Fault.BARE_NEWLINE);
                }
                return length > MAX_LINE ? new Line("", Fault.TOO_LONG) : text(bytes.toByteArray());
            }
            if (afterCr) {
                return new Line("", Fault.BARE_NEWLINE);
            }
            afterCr = c == '\r';
            length++;
            if (length > 10 * MAX_LINE) {
                throw new EOFException("the client sent a line without an end");
            }
            if (!afterCr && length <= MAX_LINE) {
                bytes.write(c);
            }
        }
    }

    private static Line text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean control = text.chars().anyMatch(c -> c < ' ' || c == 0x7F);
            return control ? new Line("", Fault.NO_TEXT) : new Line(text, Fault.NONE);
        } catch (CharacterCodingException e) {
            return new Line("", Fault.NO_TEXT);
        }
    }

    private enum Place {
        BEGIN_OF_LINE,
        TEXT,
        CR,
        DOT,
        DOT_CR
    }

    /**
     * Reads a mail to its end, even if it has faults.
     *
     * @param limit the largest number of bytes that are written to {@code out}
     * @throws EOFException when the client closed the connection
     */
    Content mail(OutputStream out, long limit) throws IOException {
        long size = 0;
        boolean bare = false;
        boolean nul = false;
        Place place = Place.BEGIN_OF_LINE;
        byte[] ready = new byte[BUFFER];
        int count = 0;
        while (true) {
            int c = next();
            // Write a held-back byte first.
            boolean heldCr = (place == Place.CR || place == Place.DOT_CR) && c != '\n';
            if (place == Place.DOT_CR && c == '\n') {
                out.write(ready, 0, count);
                return new Content(size, size > limit, bare, nul);
            }
            nul |= c == 0;
            bare |= heldCr || (c == '\n' && place != Place.CR);
            boolean isDropped = c == '\r' || (c == '.' && place == Place.BEGIN_OF_LINE);
            int length = (heldCr ? 1 : 0) + (c == '\n' && place == Place.CR ? 2 : isDropped ? 0 : 1);
            if (size + length <= limit) {
                if (count > BUFFER - 3) {
                    out.write(ready, 0, count);
                    count = 0;
                }
                if (heldCr || (c == '\n' && place == Place.CR)) {
                    ready[count++] = '\r';
                }
                if (!isDropped) {
                    ready[count++] = (byte) c;
                }
            }
            size += length;
            place = after(place, c);
        }
    }

    private static Place after(Place place, int c) {
        if (c == '\r') {
            return place == Place.DOT ? Place.DOT_CR : Place.CR;
        }
        if (c == '\n') {
            return place == Place.CR ? Place.BEGIN_OF_LINE : Place.TEXT;
        }
        return c == '.' && place == Place.BEGIN_OF_LINE ? Place.DOT : Place.TEXT;
    }
}
