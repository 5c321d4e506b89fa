package io.sendport.api.message;

import io.sendport.support.text.Text;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The permanent id of a message: in the message box, on the ledger, in the log, in {@code %MessageID%} and in the Message-ID header field.
 *
 * @param value a UUID in lower case with hyphens, 36 characters
 */
public record MessageId(String value) implements Comparable<MessageId> {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicInteger COUNT = new AtomicInteger(RANDOM.nextInt());
    private static final int LONGS = Long.BYTES;
    private static final int RANDOM_BYTES = 2 * LONGS + 1;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when {@code value} is not a UUID
     */
    public MessageId {
        if (value.length() != 36) {
            throw new IllegalArgumentException("message id \"" + Text.printable(value) + "\": expected a UUID");
        }
        value = UUID.fromString(value).toString().toLowerCase(Locale.ROOT);
    }

    /**
     * A new id: a UUID of version 8 (RFC 9562 section 5.8) with 90 bits from a strong random source. The first 32 bits increase by random
     * steps from a random start. An index on the id therefore grows at one place, and {@link #brief} still distinguishes messages.
     */
    public static MessageId random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        ByteBuffer random = ByteBuffer.wrap(bytes);
        int count = COUNT.addAndGet(1 + (bytes[LONGS] & 0xFF));
        long high = ((long) count << 32) | (random.getLong() & 0xFFFF_0FFFL) | 0x8000;
        long low = (random.getLong(LONGS + 1) & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new MessageId(new UUID(high, low).toString());
    }

    /** The first eight characters: enough for people. The command line accepts them while they are unique. */
    public String brief() {
        return value.substring(0, 8);
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
