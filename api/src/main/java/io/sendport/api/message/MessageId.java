package io.sendport.api.message;

import java.util.Locale;
import java.util.UUID;

/**
 * Names a message for good: in the message box, on the ledger, in the log, in {@code %MessageID%} and in the Message-ID header
 * field.
 *
 * @param value a UUID in lower case with hyphens, 36 characters
 */
public record MessageId(String value) implements Comparable<MessageId> {

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

    /** A new id from a strong random source. */
    public static MessageId random() {
        return new MessageId(UUID.randomUUID().toString());
    }

    /** The first eight characters: enough for a person, and the command line takes them while they are unique. */
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
