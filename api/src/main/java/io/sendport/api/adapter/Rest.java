package io.sendport.api.adapter;

import java.time.Instant;

/**
 * A time in which a port sends nothing.
 *
 * @param cause what it has to do with
 * @param until when it goes on; {@link Instant#MAX} when only a person starts it again
 * @param why for the person
 */
public record Rest(Cause cause, Instant until, String why) {

    /** What a rest has to do with. */
    public enum Cause {
        /** Our account. */
        CREDENTIAL,
        /** The server's answers to messages. */
        RELAY
    }

    /** Whether it lasts until a person ends it. */
    public boolean isForPerson() {
        return until.equals(Instant.MAX);
    }
}
