package io.sendport.config;

import java.util.Locale;

/** BizTalk's states of a send port. */
public enum PortState {
    /** Takes no messages. */
    UNENLISTED,
    /** Takes messages, sends none. */
    STOPPED,
    /** Sends. */
    STARTED;

    /** The state as users write it, in lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The state that {@code word} names.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static PortState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
