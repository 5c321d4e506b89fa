package io.sendport.host.box;

import java.util.Locale;

/** Where a message stands. */
public enum MessageState {
    /** For its first attempt. */
    WAITING,
    /** A host has it in hand. */
    SENDING,
    /** For its next attempt. */
    RETRYING,
    /** Outside the service window of its port. */
    SCHEDULED,
    /** Nobody knows whether the relay has it, and a person is to say. */
    IN_DOUBT,
    /** A person is needed. */
    SUSPENDED,
    /** The relay has it. */
    DONE,
    /** A component took it; nothing was sent. */
    CONSUMED,
    /** A person ended it. */
    TERMINATED;

    /** The state as users write it. */
    public String word() {
        return this == IN_DOUBT ? "inDoubt" : name().toLowerCase(Locale.ROOT);
    }

    /**
     * The state that {@code word} names.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static MessageState of(String word) {
        for (MessageState state : values()) {
            if (state.word().equalsIgnoreCase(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "state \"" + word + "\" is not known, expected one of waiting, sending, retrying,"
                        + " inDoubt, suspended, done, consumed, terminated");
    }

    /** Whether nothing more will happen to the message. */
    public boolean isEnd() {
        return this == DONE || this == CONSUMED || this == TERMINATED;
    }
}
