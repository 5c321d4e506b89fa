/**
 * The submission feed: accepts mail by SMTP from programs, and submits it (RFC 6409). Sessions are untrusted, so their time, their size and
 * their number of commands are limited. The feed does not deliver, relay or keep mail: before the reply 250, the mail is a message on
 * disk.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.submission;
