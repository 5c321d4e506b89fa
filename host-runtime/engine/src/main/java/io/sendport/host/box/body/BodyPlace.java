package io.sendport.host.box.body;

import io.sendport.api.message.MessageId;
import java.nio.charset.StandardCharsets;

/**
 * The place of encrypted bytes. Encryption binds them to it, so that nobody can swap, omit or truncate them unnoticed.
 *
 * @param kind of row
 * @param owner id of the message or body that the row belongs to
 * @param no number of the part, delivery or chunk
 * @param isLast whether the body ends here
 */
public record BodyPlace(Kind kind, String owner, int no, boolean isLast) {

    enum Kind {
        PART,
        DELIVERY,
        CHUNK
    }

    public static BodyPlace part(MessageId message, int no) {
        return new BodyPlace(Kind.PART, message.value(), no, true);
    }

    public static BodyPlace delivery(MessageId message, int no) {
        return new BodyPlace(Kind.DELIVERY, message.value(), no, true);
    }

    static BodyPlace chunk(String body, int no, boolean isLast) {
        return new BodyPlace(Kind.CHUNK, body, no, isLast);
    }

    /** A unique encoding of this place. */
    byte[] bytes() {
        return ("sendport body 1\n" + kind + '\n' + owner + '\n' + no + '\n' + isLast).getBytes(StandardCharsets.UTF_8);
    }
}
