package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a check of the connection to a server may try. It never sends a message.
 *
 * @param sender the address for MAIL, where given
 * @param recipient the address for RCPT, where given
 * @param certificates the file to write the server's certificates to, where given
 */
public record Visit(Optional<MailAddress> sender, Optional<MailAddress> recipient, Optional<Path> certificates) {}
