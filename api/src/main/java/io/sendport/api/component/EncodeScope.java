package io.sendport.api.component;

import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the host lends an encoder: the delivery at hand. For the thread of the call, until the call returns. */
public interface EncodeScope extends MessageScope {

    /** The message that is sent. */
    MessageId messageId();

    /** When it was submitted. */
    Instant submittedAt();

    /** The author's address, where the header names one. */
    Optional<MailAddress> author();

    /** Everyone this delivery goes to, but for those left out. */
    List<MailAddress> recipients();

    /**
     * Takes a recipient out of this delivery, because the port says so of those the encoder can't serve. It is recorded; a delivery
     * without recipients is not made, and a message without deliveries is suspended.
     *
     * @param why for the operator and the ledger
     */
    void leaveOut(MailAddress recipient, String why);

    /** The outer header fields, to read. */
    HeaderFields header();

    /**
     * Puts a fact about the encoding on the ledger: algorithms, certificates, provider.
     *
     * @param name such as {@code smime.signer}
     */
    void record(String name, String value);
}
