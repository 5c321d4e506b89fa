package io.sendport.api.component;

import io.sendport.api.mail.HeaderField;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;

/**
 * Signs finished mails, header and content, after the last encoder. Made by a {@link MailSignerFactory}. One instance serves all messages
 * of its port, on several threads at once. An exception suspends the message: a mail that cannot be signed is not sent.
 */
@FunctionalInterface
public interface MailSigner {

    /**
     * Makes the header field with the signature. The host puts it above all other fields. The same arguments always give the same field, so
     * that a retry sends the same bytes.
     *
     * @param header all fields of the mail, in order
     * @param content what follows the empty line; may be opened several times
     * @param scope the current delivery, and where facts for the ledger go
     * @throws Exception when the mail must not be signed with this key, or the signature cannot be made
     */
    HeaderField sign(HeaderFields header, Body content, EncodeScope scope) throws Exception;
}
