package io.sendport.host.box.control;

import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a started port sends nothing now.
 *
 * @param kind what it waits for
 * @param until when it goes on; empty when a person is needed
 * @param text the rest, for people
 */
public record Pause(Kind kind, Optional<Instant> until, String text) {

    /** What a port waits for. */
    public enum Kind {
        /** A configuration that is right and complete. */
        CONFIGURATION,
        /** A credential that the server accepts. */
        CREDENTIAL,
        /** A server that takes mail again. */
        RELAY,
        /** A message before it, in a port that keeps the order. */
        ORDER,
        /** Its service window. */
        WINDOW,
        /** Its rate of messages. */
        RATE;

        /** The kind as users write it. */
        public String word() {
            return Text.word(this);
        }
    }

    /** Whether somebody should look at it: windows and rates are as somebody wanted them. */
    public boolean isFault() {
        return kind != Kind.WINDOW && kind != Kind.RATE;
    }

    /** In one line for people. */
    public String words() {
        return kind.word() + until.map(at -> " until " + at).orElse("") + ": " + text;
    }
}
