/**
 * Log-on mechanisms: the initial response, and the response to a challenge (RFC 4422, RFC 4954). Nothing here depends on SMTP or sends
 * anything; {@code io.sendport.smtp.wire.LogOn} runs the dialogue. A mechanism that does not accept a challenge stops, and sends nothing
 * that is derived from a password.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.smtp.sasl;
