package io.sendport.api.mail;

import java.util.Optional;
import java.util.Set;

/**
 * Requests to the relays that handle a mail. Immutable.
 *
 * @param notifyOn the notifications to request (RFC 3461 section 4.1); empty for the relay's default
 * @param returnFull whether a failure notification contains the whole mail instead of only its header (RFC 3461 section 4.3)
 * @param requireTls whether each relay must use TLS and verify the next server (RFC 8689); Sendport does not hand over the mail to a relay
 *     without this extension
 * @param priority the priority from -9 to 9, for relays that support it (RFC 6710); empty for none
 */
public record Handling(Set<Notify> notifyOn, boolean returnFull, boolean requireTls, Optional<Integer> priority) {

    /** No requests: the defaults of the relays. */
    public static final Handling USUAL = new Handling(Set.of(), false, false, Optional.empty());

    /**
     * Copies the set.
     *
     * @throws IllegalArgumentException when the priority is out of range
     */
    public Handling {
        notifyOn = Set.copyOf(notifyOn);
        if (priority.isPresent() && Math.abs(priority.get()) > 9) {
            throw new IllegalArgumentException("priority " + priority.get() + ": expected -9 to 9");
        }
    }
}
