package io.sendport.api.mail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sender and recipients of the mail as given to the relay (RFC 5321 section 2.3.1). The envelope comes only from the port and the context,
 * never from a header field of the content.
 *
 * @param sender the return path; empty for the null reverse-path {@code <>}
 * @param recipients To and Cc, each address once
 * @param blind Bcc, without addresses that are also in {@code recipients}
 * @param handling requests to the relays
 */
public record Envelope(
        Optional<MailAddress> sender, List<MailAddress> recipients, List<MailAddress> blind, Handling handling) {

    /**
     * Removes repeated addresses.
     *
     * @throws IllegalArgumentException without recipients
     */
    public Envelope {
        Set<MailAddress> seen = new LinkedHashSet<>(recipients);
        recipients = List.copyOf(seen);
        Set<MailAddress> hidden = new LinkedHashSet<>(blind);
        hidden.removeAll(seen);
        blind = List.copyOf(hidden);
        if (recipients.isEmpty() && blind.isEmpty()) {
            throw new IllegalArgumentException("the mail has no recipient: to, cc and bcc are empty");
        }
    }

    /** All recipients, with those in Bcc last. */
    public List<MailAddress> everyone() {
        List<MailAddress> all = new ArrayList<>(recipients);
        all.addAll(blind);
        return all;
    }
}
