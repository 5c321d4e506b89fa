/**
 * The SMTP send adapter: camel-mail's endpoint, with a {@code JavaMailSender} of ours over pooled connections. Read
 * {@link io.sendport.smtp.SmtpAdapter}, then {@link io.sendport.smtp.wire.SmtpConnection}: the one speaks Camel, the other SMTP. What a
 * reply means is decided in {@link io.sendport.smtp.wire.ReplyPolicy}. Camel-mail and Angus are known in this module and nowhere else.
 * The packages below this one are internal to the module: they are public so that the adapter can use them, and any version may change
 * them.
 */
@NullMarked
package io.sendport.smtp;

import org.jspecify.annotations.NullMarked;
