package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Notify;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One sealed mail for some recipients. Nobody changes the bytes any more.
 *
 * @param message the message it belongs to
 * @param number from 1, within the message
 * @param sender the return path; empty for {@code <>}
 * @param recipients those who have not accepted it yet; at least one
 * @param notifyOn the notifications to ask for
 * @param mail header, empty line and content, lines ended by CRLF
 * @param eightBit whether {@code mail} holds bytes above 127, so that the relay must take 8BITMIME (RFC 6152)
 * @param sha256 of {@code mail}, hex in lower case
 * @param mimeMessageId the Message-ID header field with its angle brackets
 */
public record Delivery(
        MessageId message,
        int number,
        Optional<MailAddress> sender,
        List<MailAddress> recipients,
        Set<Notify> notifyOn,
        Body mail,
        boolean eightBit,
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
        return new Delivery(message, number, sender, some, notifyOn, mail, eightBit, sha256, mimeMessageId);
    }
}
