package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a check of the connection to a server does besides connecting. It never sends a message.
 *
 * @param sender the sender to try in MAIL; empty to skip MAIL
 * @param recipient the recipient to try in RCPT; empty to skip RCPT
 * @param certificates the file to write the server's certificates to; empty to write none
 */
public record Visit(Optional<MailAddress> sender, Optional<MailAddress> recipient, Optional<Path> certificates) {}
