package io.sendport.api.mail;

import java.util.Optional;
import java.util.Set;

/**
 * What relays on the way are asked to do with a mail.
 *
 * @param notifyOn which notifications to request (RFC 3461 section 4.1); empty leaves it to the relay
 * @param returnFull whether a failure notification contains the whole mail instead of its header (RFC 3461 section 4.3)
 * @param requireTls whether relays may pass the mail on only over TLS to a verified server (RFC 8689); a relay that does not promise this
 *     does not get the mail
 * @param priority -9 to 9, for relays that support it (RFC 6710)
 */
public record Handling(Set<Notify> notifyOn, boolean returnFull, boolean requireTls, Optional<Integer> priority) {

    /** The defaults of the relays. */
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
