/**
 * Speaks SMTP over one connection: the socket, TLS, the log-on, the transaction, and what each reply means. Internal to this module: it is
 * public for the other SMTP packages only, and any version may change it.
 */
@NullMarked
package io.sendport.smtp.wire;

import org.jspecify.annotations.NullMarked;
