package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;

/**
 * What came of one recipient.
 *
 * @param address the recipient
 * @param outcome accepted, deferred, refused or in doubt
 * @param phase where it was decided
 * @param reply the answer that decided it
 */
public record RecipientResult(MailAddress address, Outcome outcome, Phase phase, Reply reply) {}
