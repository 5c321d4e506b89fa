/**
 * The SMTP send adapter: camel-mail's endpoint, with a {@code JavaMailSender} of ours over pooled connections. Read
 * {@link io.sendport.smtp.SmtpAdapter}, then {@link io.sendport.smtp.SmtpConnection}: the one speaks Camel, the other SMTP. What a
 * reply means is decided in {@link io.sendport.smtp.ReplyPolicy}. Camel-mail and Angus are known here and nowhere else.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.smtp;
