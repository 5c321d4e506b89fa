/**
 * The submission feed: accepts mail from programs that speak only SMTP, and submits it (RFC 6409). Every session is untrusted
 * input, bounded in time, size and number of commands. It delivers nothing, relays nothing and keeps no mail: a mail is a message
 * on disk before the reply 250, or it is refused.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.submission;
