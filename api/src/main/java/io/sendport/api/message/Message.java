package io.sendport.api.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message on its way through a send port.
 *
 * @param id names it for good
 * @param submittedAt when it was put into the message box; the Date header field and every macro of time say this instant
 * @param context its properties
 * @param parts at least one; the first is the body part
 */
public record Message(MessageId id, Instant submittedAt, Context context, List<Part> parts) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when there is no part
     */
    public Message {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("message " + id + " has no part, expected at least the body part");
        }
    }

    /** The body part. */
    public Part bodyPart() {
        return parts.get(0);
    }

    /** This message with other properties. */
    public Message withContext(Context other) {
        return new Message(id, submittedAt, other, parts);
    }

    /** This message with one property set. */
    public <T> Message with(Property<T> property, T value) {
        return withContext(context.with(property, value));
    }

    /** This message with another body part; the other parts stay. */
    public Message withBodyPart(Part body) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(0, body);
        return new Message(id, submittedAt, context, changed);
    }

    /** This message with another content of its body part; media type and properties stay. */
    public Message withBody(Body body) {
        return withBodyPart(bodyPart().withBody(body));
    }
}
