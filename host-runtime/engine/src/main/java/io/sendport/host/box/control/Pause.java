package io.sendport.host.box.control;

import io.sendport.api.adapter.Rest;
import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a started port sends nothing now.
 *
 * @param kind what it waits for
 * @param until when it resumes; empty when an operator must act
 * @param text details for operators
 */
public record Pause(Kind kind, Optional<Instant> until, String text) {

    /** What a port waits for. */
    public enum Kind {
        /** A correct and complete configuration. */
        CONFIGURATION,
        /** A credential that the server accepts. */
        CREDENTIAL,
        /** A server that accepts mail again. */
        RELAY,
        /** An earlier message, at a port that keeps the order. */
        ORDER,
        /** Its service window. */
        WINDOW,
        /** Its message rate. */
        RATE;

        /** The kind as users write it. */
        public String word() {
            return Text.word(this);
        }
    }

    /** The pause of a port that rests because of its adapter or a rule for replies. */
    public static Pause of(Rest rest) {
        Kind kind =
                switch (rest.cause()) {
                    case CREDENTIAL -> Kind.CREDENTIAL;
                    case RELAY -> Kind.RELAY;
                };
        return new Pause(kind, rest.isForPerson() ? Optional.empty() : Optional.of(rest.until()), rest.why());
    }

    /** Whether the pause is a problem. Service windows and rates are intended. */
    public boolean isFault() {
        return kind != Kind.WINDOW && kind != Kind.RATE;
    }

    /** One line for operators. */
    public String words() {
        return kind.word() + until.map(at -> " until " + at).orElse("") + ": " + text;
    }
}
