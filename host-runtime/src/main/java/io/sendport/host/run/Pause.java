package io.sendport.host.run;

import io.sendport.api.adapter.Rest;
import java.time.Instant;
import java.util.Locale;

/**
 * Why a started port sends nothing now.
 *
 * @param what one word: credential, relay, order, window or rate
 * @param until when it goes on; {@link Instant#MAX} when a person is needed
 * @param told for people
 * @param isFault whether somebody should look at it
 */
public record Pause(String what, Instant until, String told, boolean isFault) {

    static Pause of(Rest rest) {
        return new Pause(rest.cause().name().toLowerCase(Locale.ROOT), rest.until(), rest.why(), true);
    }

    /** Whether what a port waits for, as {@link #toString} tells it, is as it should be. */
    public static boolean isOrderly(String told) {
        return told.startsWith("window ") || told.startsWith("rate ");
    }

    /** As commands show it. */
    @Override
    public String toString() {
        return what + (until.equals(Instant.MAX) ? "" : " until " + until) + ": " + told;
    }
}
