package io.sendport.api.adapter;

import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.util.List;
import java.util.Optional;

/**
 * One sealed mail for some recipients. Its bytes never change.
 *
 * @param message the message it belongs to
 * @param number the number within the message, from 1
 * @param sender the return path; empty for {@code <>}
 * @param recipients the recipients that have not been accepted yet; at least one
 * @param handling requests to the relays
 * @param mail header, empty line and content; lines end with CRLF
 * @param transparency what the relay must support
 * @param sha256 the SHA-256 of {@code mail}, lower-case hexadecimal
 * @param mimeMessageId the Message-ID header field with its angle brackets
 */
public record Delivery(
        MessageId message,
        int number,
        Optional<MailAddress> sender,
        List<MailAddress> recipients,
        Handling handling,
        Body mail,
        Transparency transparency,
        String sha256,
        String mimeMessageId) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException without recipients
     */
    public Delivery {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("delivery " + number + " of message " + message + " has no recipient");
        }
    }

    /** The same mail, for some of its recipients. */
    public Delivery to(List<MailAddress> some) {
        return new Delivery(message, number, sender, some, handling, mail, transparency, sha256, mimeMessageId);
    }

    /** The same delivery with its bytes read from {@code other}, which must hold the same bytes. */
    public Delivery with(Body other) {
        return new Delivery(message, number, sender, recipients, handling, other, transparency, sha256, mimeMessageId);
    }
}
