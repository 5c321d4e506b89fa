package io.sendport.host.box;

import io.sendport.support.text.Text;
import java.util.Arrays;
import java.util.stream.Collectors;

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
        return Text.word(this);
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
                "state \"" + Text.printable(word) + "\" is not known, expected one of " + words());
    }

    /** All states as users write them, for help and errors. */
    public static String words() {
        return Arrays.stream(values()).map(MessageState::word).collect(Collectors.joining(", "));
    }

    /** Whether nothing more will happen to the message. */
    public boolean isEnd() {
        return this == DONE || this == CONSUMED || this == TERMINATED;
    }
}
