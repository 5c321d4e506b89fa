package io.sendport.host.box.body;

import io.sendport.api.message.MessageId;
import java.nio.charset.StandardCharsets;

/**
 * The place of encrypted bytes in the store. Encryption binds the bytes to their place, so that decryption detects bytes that were swapped,
 * left out or cut off.
 *
 * @param kind the kind of the row
 * @param owner the id of the message or body that the row belongs to
 * @param no the number of the part, delivery or chunk
 * @param isLast whether the body ends here
 */
public record BodyPlace(Kind kind, String owner, int no, boolean isLast) {

    enum Kind {
        PART,
        DELIVERY,
        CHUNK
    }

    /** The place of part {@code no} of a message. */
    public static BodyPlace part(MessageId message, int no) {
        return new BodyPlace(Kind.PART, message.value(), no, true);
    }

    /** The place of the sealed mail of delivery {@code no} of a message. */
    public static BodyPlace delivery(MessageId message, int no) {
        return new BodyPlace(Kind.DELIVERY, message.value(), no, true);
    }

    static BodyPlace chunk(String body, int no, boolean isLast) {
        return new BodyPlace(Kind.CHUNK, body, no, isLast);
    }

    /** An encoding of this place; different places have different encodings. */
    byte[] bytes() {
        return ("sendport body 1\n" + kind + '\n' + owner + '\n' + no + '\n' + isLast).getBytes(StandardCharsets.UTF_8);
    }
}
