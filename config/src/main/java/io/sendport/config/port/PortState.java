package io.sendport.config.port;

import io.sendport.support.text.Text;
import java.util.Locale;

/** BizTalk's states of a send port. */
public enum PortState {
    /** Takes no messages. */
    UNENLISTED,
    /** Takes messages but sends none. */
    STOPPED,
    /** Takes and sends messages. */
    STARTED;

    /** The state as users write it. */
    public String word() {
        return Text.word(this);
    }

    /**
     * The state that {@code word} names.
     *
     * @throws IllegalArgumentException when the state does not exist
     */
    public static PortState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
