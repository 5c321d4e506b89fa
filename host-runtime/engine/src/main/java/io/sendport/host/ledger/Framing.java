package io.sendport.host.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes and reads byte strings one after the other. Each frame has the length as eight decimal digits, and then the bytes. A person
 * can split the frames with the tools of the database.
 */
final class Framing {

    /** The number of digits of a length. */
    static final int DIGITS = 8;

    private static final int MAX_SIZE = 99_999_999;
    private static final byte[] ZERO = "0".repeat(DIGITS).getBytes(StandardCharsets.US_ASCII);

    private Framing() {}

    /** The place of a frame's content. */
    record Place(int offset, int length) {}

    /**
     * Appends one frame.
     *
     * @param out a buffer with room for the frame
     * @param parts the content, in pieces
     * @throws IllegalArgumentException when the content has more than 99,999,999 bytes
     */
    static void write(ByteBuffer out, byte[]... parts) {
        long length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        if (length > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "a record of the ledger has " + length + " bytes; the maximum is " + MAX_SIZE);
        }
        byte[] digits = ZERO.clone();
        int remaining = (int) length;
        for (int i = DIGITS - 1; remaining > 0; i--) {
            digits[i] = (byte) ('0' + remaining % 10);
            remaining /= 10;
        }
        out.put(digits);
        for (byte[] part : parts) {
            out.put(part);
        }
    }

    /**
     * Returns the places of the contents of {@code count} frames.
     *
     * @throws IllegalArgumentException when {@code bytes} are not exactly {@code count} frames
     */
    static Place[] places(byte[] bytes, long count) {
        // Each frame has at least its digits. Without this check, a forged count could exhaust the memory.
        if (count < 0 || count > bytes.length / DIGITS) {
            throw new IllegalArgumentException("its bytes hold fewer records than it claims");
        }
        Place[] places = new Place[(int) count];
        int at = 0;
        for (int i = 0; i < places.length; i++) {
            int length = length(bytes, at);
            places[i] = new Place(at + DIGITS, length);
            at += DIGITS + length;
        }
        if (at != bytes.length) {
            throw new IllegalArgumentException("it has " + (bytes.length - at) + " bytes after its last record");
        }
        return places;
    }

    private static int length(byte[] bytes, int at) {
        if (bytes.length - at < DIGITS) {
            throw new IllegalArgumentException("its bytes hold fewer records than it claims");
        }
        int length = 0;
        for (int i = at; i < at + DIGITS; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("a record in it has no length");
            }
            length = length * 10 + digit;
        }
        if (length > bytes.length - at - DIGITS) {
            throw new IllegalArgumentException("a record in it reaches beyond its end");
        }
        return length;
    }
}
