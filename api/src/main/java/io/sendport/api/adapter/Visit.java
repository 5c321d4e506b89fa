package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a check of the way to a server may try. It never sends a message.
 *
 * @param sender offered in MAIL, where given
 * @param recipient offered in RCPT, where given
 * @param certificates file to write the server's certificates to, where given
 */
public record Visit(Optional<MailAddress> sender, Optional<MailAddress> recipient, Optional<Path> certificates) {}
