package io.sendport.api.adapter;

import java.time.Instant;

/**
 * A time in which a port sends nothing.
 *
 * @param until when it goes on; {@link Instant#MAX} when only a person starts it again
 * @param why for the person
 */
public record Rest(Instant until, String why) {

    /** Whether it lasts until a person ends it. */
    public boolean isForPerson() {
        return until.equals(Instant.MAX);
    }
}
