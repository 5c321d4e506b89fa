package io.sendport.api.mail;

import java.util.Optional;
import java.util.Set;

/**
 * What relays on the way are asked to do with a mail.
 *
 * @param notifyOn what notifications to ask for (RFC 3461 section 4.1); empty leaves it to the relay
 * @param returnFull whether a notification of failure is to hold the whole mail instead of its header (RFC 3461 section 4.3)
 * @param requireTls whether no relay may pass it on but over TLS to a server it has checked (RFC 8689); a relay that doesn't promise
 *     that does not get the mail
 * @param priority -9 to 9, for relays that know about it (RFC 6710)
 */
public record Handling(Set<Notify> notifyOn, boolean returnFull, boolean requireTls, Optional<Integer> priority) {

    /** Whatever relays do by themselves. */
    public static final Handling USUAL = new Handling(Set.of(), false, false, Optional.empty());

    /**
     * Copies the set.
     *
     * @throws IllegalArgumentException when the priority is out of its range
     */
    public Handling {
        notifyOn = Set.copyOf(notifyOn);
        if (priority.isPresent() && Math.abs(priority.get()) > 9) {
            throw new IllegalArgumentException("priority " + priority.get() + ": expected -9 to 9");
        }
    }
}
