package io.sendport.api.component;

import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the host offers an encoder: the current delivery. For the calling thread only, until the call returns. */
public interface EncodeScope extends MessageScope {

    /** The id of the message being sent. */
    MessageId messageId();

    /** When the message was submitted. */
    Instant submittedAt();

    /** The author's address; empty when the header has none. */
    Optional<MailAddress> author();

    /** All recipients of this delivery except those left out. */
    List<MailAddress> recipients();

    /**
     * Removes a recipient from this delivery, because the port is configured to leave out recipients that the encoder cannot serve. The
     * removal is recorded. A delivery without recipients is not made, and a message without deliveries is suspended.
     *
     * @param why for the operator and the ledger
     */
    void leaveOut(MailAddress recipient, String why);

    /** The outer header fields, read-only. */
    HeaderFields header();

    /**
     * Records a fact about the encoding on the ledger: algorithms, certificates, provider.
     *
     * @param name such as {@code smime.signer}
     */
    void record(String name, String value);
}
