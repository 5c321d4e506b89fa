package io.sendport.api.adapter;

import java.time.Instant;

/**
 * A time in which a port sends nothing.
 *
 * @param cause what the pause is about
 * @param until when sending continues; {@link Instant#MAX} when only an operator can resume it
 * @param why the reason, for the operator
 */
public record Rest(Cause cause, Instant until, String why) {

    /** What a pause is about. */
    public enum Cause {
        /** The account that Sendport logs on with. */
        CREDENTIAL,
        /** The server's answers to messages. */
        RELAY
    }

    /** Whether the pause lasts until an operator ends it. */
    public boolean isForPerson() {
        return until.equals(Instant.MAX);
    }
}
