/**
 * The SMTP send adapter: camel-mail's endpoint, with Sendport's own {@code JavaMailSender} over pooled connections. Read {@link
 * io.sendport.smtp.SmtpAdapter} for the Camel side, then {@link io.sendport.smtp.wire.SmtpConnection} for the SMTP side. {@link
 * io.sendport.smtp.wire.ReplyPolicy} decides what a reply means. Only this module depends on camel-mail and Angus. The packages below this
 * one are internal to the module: public only for the adapter; any version may change them.
 */
@NullMarked
package io.sendport.smtp;

import org.jspecify.annotations.NullMarked;
