package io.sendport.host.box.body;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a row and its chunks store the bytes of a body.
 *
 * @param lead the number of zero bytes before the stored bytes, in the row and in each chunk
 * @param key the key that encrypts the bytes; null for clear text
 */
public record BodyForm(int lead, @Nullable BodyKey key) {

    /** The stored form of {@code clear}; the same array if nothing changes. */
    byte[] stored(byte[] clear, BodyPlace place) {
        if (key != null) {
            return key.encrypt(clear, lead, place);
        }
        if (lead == 0) {
            return clear;
        }
        byte[] led = new byte[lead + clear.length];
        System.arraycopy(clear, 0, led, lead, clear.length);
        return led;
    }

    /**
     * The bytes that {@link #stored} was called with.
     *
     * @throws DamagedException when decryption shows that the stored bytes were changed
     */
    byte[] clear(byte[] stored, BodyPlace place) {
        if (key != null) {
            return key.decrypt(stored, lead, place);
        }
        return lead == 0 ? stored : Arrays.copyOfRange(stored, Math.min(lead, stored.length), stored.length);
    }

    /** The size of the clear bytes in {@code stored} stored bytes. */
    int clearSize(int stored) {
        return stored - lead - (key == null ? 0 : BodyKey.OVERHEAD);
    }

    /** The id of the key; null for clear text. */
    @Nullable
    public String keyId() {
        return key == null ? null : key.id();
    }
}
