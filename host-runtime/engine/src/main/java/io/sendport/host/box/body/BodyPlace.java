package io.sendport.host.box.body;

import io.sendport.api.message.MessageId;
import java.nio.charset.StandardCharsets;

/**
 * Where encrypted bytes lie. They are bound to it, so that nobody can swap them for others, leave some out or cut them off.
 *
 * @param kind of row
 * @param owner id of the message or body that the row belongs to
 * @param no of the part, delivery or chunk
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

    /** The same bytes for no other place. */
    byte[] bytes() {
        return ("sendport body 1\n" + kind + '\n' + owner + '\n' + no + '\n' + isLast).getBytes(StandardCharsets.UTF_8);
    }
}
