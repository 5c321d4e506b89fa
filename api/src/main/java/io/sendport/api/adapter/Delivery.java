package io.sendport.api.adapter;

import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.util.List;
import java.util.Optional;

/**
 * One sealed mail for some recipients. Nobody changes the bytes any more.
 *
 * @param message the message it belongs to
 * @param number from 1, within the message
 * @param sender the return path; empty for {@code <>}
 * @param recipients those who have not accepted it yet; at least one
 * @param handling what relays on the way are asked to do
 * @param mail header, empty line and content, lines ended by CRLF
 * @param transparency what the relay must be able to carry
 * @param sha256 of {@code mail}, hex in lower case
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
     * @throws IllegalArgumentException when nobody is named
     */
    public Delivery {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("delivery " + number + " of message " + message + " names no recipient");
        }
    }

    /** The same mail, for some of its recipients. */
    public Delivery to(List<MailAddress> some) {
        return new Delivery(message, number, sender, some, handling, mail, transparency, sha256, mimeMessageId);
    }

    /** The same delivery, its bytes read from {@code other}, which gives the same. */
    public Delivery with(Body other) {
        return new Delivery(message, number, sender, recipients, handling, other, transparency, sha256, mimeMessageId);
    }
}
