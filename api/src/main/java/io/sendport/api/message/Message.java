package io.sendport.api.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message on its way through a send port. Immutable and thread-safe; null is never allowed. The engine creates it from a submission;
 * tests create it with {@link #builder}:
 *
 * <pre>{@code
 * Message message = Message.builder()
 *         .body("text/plain", Body.of("hello", StandardCharsets.UTF_8))
 *         .with(MessageProperties.SUBJECT, "Greetings")
 *         .build();
 * }</pre>
 *
 * @param id its permanent id
 * @param submittedAt when it was put into the message box; the Date header field and every time macro use this instant
 * @param context its properties
 * @param parts at least one; the first is the body part
 */
public record Message(MessageId id, Instant submittedAt, Context context, List<Part> parts) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException without parts
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

    /** This message with another body part and the same other parts. */
    public Message withBodyPart(Part body) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(0, body);
        return new Message(id, submittedAt, context, changed);
    }

    /** This message with other content in its body part and the same media type and properties. */
    public Message withBody(Body body) {
        return withBodyPart(bodyPart().withBody(body));
    }

    /** Starts a message with a new id, submitted now. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a message. Not thread-safe. */
    public static final class Builder {
        private final List<Part> attachments = new ArrayList<>();
        private MessageId id = MessageId.random();
        private Instant submittedAt = Instant.now();
        private Context context = Context.empty();
        private Optional<Part> body = Optional.empty();

        private Builder() {}

        /** Sets the id. */
        public Builder id(MessageId other) {
            id = other;
            return this;
        }

        /** Sets when it was submitted. */
        public Builder submittedAt(Instant time) {
            submittedAt = time;
            return this;
        }

        /** Sets a property. */
        public <T> Builder with(Property<T> property, T value) {
            context = context.with(property, value);
            return this;
        }

        /** Sets the body part. */
        public Builder body(String contentType, Body content) {
            body = Optional.of(Part.body(contentType, content));
            return this;
        }

        /** Adds a part after the existing parts. */
        public Builder attach(Part part) {
            attachments.add(part);
            return this;
        }

        /**
         * Returns the message.
         *
         * @throws IllegalArgumentException when it has no body, or two parts have the same name
         */
        public Message build() {
            List<Part> parts = new ArrayList<>(List.of(body.orElseThrow(
                    () -> new IllegalArgumentException("the message has no body; call body(...) before build()"))));
            parts.addAll(attachments);
            if (parts.stream().map(Part::name).distinct().count() < parts.size()) {
                throw new IllegalArgumentException(
                        "two parts of the message have the same name; give each part a different name");
            }
            return new Message(id, submittedAt, context, parts);
        }
    }
}
