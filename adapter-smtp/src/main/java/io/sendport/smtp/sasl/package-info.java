/**
 * Ways to log on: what is said first, and what to a challenge (RFC 4422, RFC 4954). Nothing here knows SMTP, and nothing is sent here;
 * {@code io.sendport.smtp.wire.LogOn} holds the dialogue. A mechanism that is not satisfied with what the server says stops, and gives it
 * nothing that a password went into.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.smtp.sasl;
