package io.sendport.host.box.body;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a row and its chunks make of the bytes of a body.
 *
 * @param lead zeros ahead of the bytes, in each
 * @param key that encrypts them; null: clear text
 */
public record BodyForm(int lead, @Nullable BodyKey key) {

    /** What is stored for {@code clear}; the same array where that is what it is. */
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
     * The bytes of which {@link #stored} made this.
     *
     * @throws DamagedException when a key shows that it is something else
     */
    byte[] clear(byte[] stored, BodyPlace place) {
        if (key != null) {
            return key.decrypt(stored, lead, place);
        }
        return lead == 0 ? stored : Arrays.copyOfRange(stored, Math.min(lead, stored.length), stored.length);
    }

    /** How many bytes were made {@code stored} bytes. */
    int clearSize(int stored) {
        return stored - lead - (key == null ? 0 : BodyKey.OVERHEAD);
    }

    @Nullable
    public String keyId() {
        return key == null ? null : key.id();
    }
}
