package io.sendport.host.box;

import io.sendport.support.text.Text;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The state of a message. */
public enum MessageState {
    /** Waits for its first attempt. */
    WAITING,
    /** A host instance has claimed it, or an attempt is in progress. */
    SENDING,
    /** Waits for its next attempt. */
    RETRYING,
    /** Waits for the service window of its port. */
    SCHEDULED,
    /** It is unknown whether the relay has it; an operator must decide. */
    IN_DOUBT,
    /** An operator must act. */
    SUSPENDED,
    /** The transport accepted it for all recipients, or an operator resolved it. */
    DONE,
    /** A component consumed it; nothing was sent. */
    CONSUMED,
    /** An operator ended it, or Sendport routed copies to ports that subscribe to failures. */
    TERMINATED;

    /** The state as users write it. */
    public String word() {
        return Text.word(this);
    }

    /**
     * The state that {@code word} names.
     *
     * @throws IllegalArgumentException when the word is unknown
     */
    public static MessageState of(String word) {
        for (MessageState state : values()) {
            if (state.word().equalsIgnoreCase(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "state \"" + Text.printable(word) + "\" is not known; expected one of " + words());
    }

    /** All states as users write them, for help and errors. */
    public static String words() {
        return Arrays.stream(values()).map(MessageState::word).collect(Collectors.joining(", "));
    }

    /** Whether a message in this state has ended. */
    public boolean isEnd() {
        return this == DONE || this == CONSUMED || this == TERMINATED;
    }
}
