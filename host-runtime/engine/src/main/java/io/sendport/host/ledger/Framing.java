package io.sendport.host.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames one behind the other: eight decimal digits, the number of bytes, and then these bytes. A person can take them apart with
 * the database's own tools.
 */
final class Framing {

    /** The digits of a length. */
    static final int DIGITS = 8;

    private static final int MAX_SIZE = 99_999_999;
    private static final byte[] EMPTY = "0".repeat(DIGITS).getBytes(StandardCharsets.US_ASCII);

    private Framing() {}

    /** The place of a frame's content. */
    record Place(int offset, int length) {}

    /**
     * Adds a frame; {@code out} has room for it.
     *
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
        byte[] digits = EMPTY.clone();
        int rest = (int) length;
        for (int i = DIGITS - 1; rest > 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        out.put(digits);
        for (byte[] part : parts) {
            out.put(part);
        }
    }

    /**
     * The places of exactly {@code count} frames that fill {@code all}.
     *
     * @throws IllegalArgumentException when there are fewer or more, or bytes that belong to none
     */
    static Place[] places(byte[] all, long count) {
        // Each frame has its digits, so a forged count cannot demand more memory than the bytes justify.
        if (count < 0 || count > all.length / DIGITS) {
            throw new IllegalArgumentException("its bytes hold fewer records than it claims");
        }
        Place[] places = new Place[(int) count];
        int at = 0;
        for (int i = 0; i < places.length; i++) {
            int length = length(all, at);
            places[i] = new Place(at + DIGITS, length);
            at += DIGITS + length;
        }
        if (at != all.length) {
            throw new IllegalArgumentException("it has " + (all.length - at) + " bytes behind its last record");
        }
        return places;
    }

    private static int length(byte[] all, int at) {
        if (all.length - at < DIGITS) {
            throw new IllegalArgumentException("its bytes hold fewer records than it claims");
        }
        int length = 0;
        for (int i = at; i < at + DIGITS; i++) {
            int digit = all[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("a record in it has no length");
            }
            length = length * 10 + digit;
        }
        if (length > all.length - at - DIGITS) {
            throw new IllegalArgumentException("a record in it reaches beyond its end");
        }
        return length;
    }
}
