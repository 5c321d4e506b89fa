package io.sendport.api.submit;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.message.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message to submit. Immutable and thread-safe; null is never allowed. Create it with {@link #to}:
 *
 * <pre>{@code
 * Submission invoice = Submission.to("Invoices")
 *         .body("application/xml", Body.of("<Invoice/>", StandardCharsets.UTF_8))
 *         .attach("terms.txt", "text/plain", Body.of("Net 30", StandardCharsets.UTF_8))
 *         .with(Property.text("InvoiceNo"), "4711")
 *         .dedupeKey("invoice-4711")
 *         .by("billing")
 *         .build();
 * }</pre>
 *
 * @param port the name of a send port, or of a send port group; when empty, every port that subscribes to the message
 * @param context the submitter's properties
 * @param parts at least one; the first is the body part
 * @param dedupeKey a second submission with the same key to the same port returns the id of the first; at most 200 characters
 * @param actor the submitter, as recorded on the ledger
 */
public record Submission(String port, Context context, List<Part> parts, Optional<String> dedupeKey, String actor) {

    /** The maximum number of characters of a dedupe key. */
    public static final int LONGEST_KEY = 200;

    /** Copies the list. */
    public Submission {
        parts = List.copyOf(parts);
    }

    /** The total bytes of all parts; never negative. */
    public long size() {
        return parts.stream().mapToLong(part -> part.body().size()).sum();
    }

    /**
     * Starts a submission.
     *
     * @param port the name of a send port, or of a group of send ports
     */
    public static Builder to(String port) {
        return new Builder(port);
    }

    /** Starts a submission to every port that subscribes to it. */
    public static Builder toSubscribers() {
        return new Builder("");
    }

    /** Builds a submission. Not thread-safe. */
    public static final class Builder {
        private final String port;
        private final List<Part> attachments = new ArrayList<>();
        private Context context = Context.empty();
        private Optional<Part> body = Optional.empty();
        private Optional<String> dedupeKey = Optional.empty();
        private String actor = "";

        private Builder(String port) {
            this.port = port;
        }

        /** Sets the body part. */
        public Builder body(String contentType, Body content) {
            return body(Part.body(contentType, content));
        }

        /** Sets the body part. */
        public Builder body(Part part) {
            body = Optional.of(part);
            return this;
        }

        /** Adds a part with a file name after the existing parts. */
        public Builder attach(String fileName, String contentType, Body content) {
            return attach(new Part("part" + (attachments.size() + 2), contentType, Context.empty(), content)
                    .withFileName(fileName));
        }

        /** Adds a part after the existing parts. */
        public Builder attach(Part part) {
            attachments.add(part);
            return this;
        }

        /** Sets a property. */
        public <T> Builder with(Property<T> property, T value) {
            context = context.with(property, value);
            return this;
        }

        /**
         * Sets a property by its name.
         *
         * @throws IllegalArgumentException when the name or the type of the value is not allowed; see {@link Context#with(String, Object)}
         */
        public Builder with(String name, Object value) {
            context = context.with(name, value);
            return this;
        }

        /** Sets the key that identifies a repeated submission. */
        public Builder dedupeKey(String key) {
            dedupeKey = Optional.of(key);
            return this;
        }

        /** Names the submitter, for the ledger. */
        public Builder by(String who) {
            actor = who;
            return this;
        }

        /**
         * Returns the submission.
         *
         * @throws IllegalArgumentException when body or submitter is missing, two parts have the same name, or the key is empty or longer
         *     than 200 characters
         */
        public Submission build() {
            List<Part> parts = new ArrayList<>(List.of(body.orElseThrow(
                    () -> new IllegalArgumentException("the submission has no body; call body(...) before build()"))));
            parts.addAll(attachments);
            if (parts.stream().map(Part::name).distinct().count() < parts.size()) {
                throw new IllegalArgumentException(
                        "two parts of the submission have the same name; give each part a different name");
            }
            if (actor.isBlank()) {
                throw new IllegalArgumentException(
                        "the submission has no submitter for the ledger; call by(\"...\") before build()");
            }
            if (dedupeKey.isPresent()
                    && (dedupeKey.get().isEmpty() || dedupeKey.get().length() > LONGEST_KEY)) {
                throw new IllegalArgumentException(
                        "the dedupe key has " + dedupeKey.get().length() + " characters, expected 1 to " + LONGEST_KEY);
            }
            return new Submission(port, context, parts, dedupeKey, actor);
        }
    }
}
