package io.sendport.host.box;

import java.util.Arrays;

/**
 * What a row and its chunks make of the bytes of a body.
 *
 * @param lead zeros ahead of the bytes, in each
 */
record BodyForm(int lead) {

    /** The bytes as they are. */
    static final BodyForm PLAIN = new BodyForm(0);

    /** Behind the first {@code page} bytes of each row. */
    static BodyForm behind(int page) {
        return page == 0 ? PLAIN : new BodyForm(page);
    }

    byte[] inRow(byte[] body) {
        return ahead(body);
    }

    byte[] ofRow(byte[] stored) {
        return behind(stored);
    }

    byte[] inChunk(byte[] chunk) {
        return ahead(chunk);
    }

    byte[] ofChunk(byte[] stored) {
        return behind(stored);
    }

    private byte[] ahead(byte[] bytes) {
        if (lead == 0) {
            return bytes;
        }
        byte[] led = new byte[lead + bytes.length];
        System.arraycopy(bytes, 0, led, lead, bytes.length);
        return led;
    }

    private byte[] behind(byte[] stored) {
        return lead == 0 ? stored : Arrays.copyOfRange(stored, Math.min(lead, stored.length), stored.length);
    }
}
