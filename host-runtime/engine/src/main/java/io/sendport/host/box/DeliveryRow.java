package io.sendport.host.box;

import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import java.util.List;
import java.util.Optional;

/**
 * A delivery as stored in the message box.
 *
 * @param no its number within the message, from 1
 * @param sender the return path; empty for {@code <>}
 * @param recipients each with its last result; one that was not attempted yet is deferred
 * @param handling what relays on the way are asked to do
 * @param transparency what the relay must be able to carry
 * @param sha256 of the sealed bytes
 * @param size of the sealed bytes
 * @param sealed the bytes, if they are kept
 */
public record DeliveryRow(
        int no,
        Optional<MailAddress> sender,
        List<RecipientResult> recipients,
        Handling handling,
        Transparency transparency,
        String sha256,
        long size,
        Optional<Body> sealed) {

    /**
     * The recipients of the next attempt: deferred, in doubt, or not attempted yet. Recipients that refused are excluded unless an
     * operator resumes the message.
     */
    public List<MailAddress> open() {
        return recipients.stream()
                .filter(each -> each.outcome() == Outcome.DEFERRED || each.outcome() == Outcome.IN_DOUBT)
                .map(RecipientResult::address)
                .toList();
    }

    /** The recipients that have not accepted it. */
    public List<MailAddress> missing() {
        return recipients.stream()
                .filter(each -> each.outcome() != Outcome.ACCEPTED)
                .map(RecipientResult::address)
                .toList();
    }
}
