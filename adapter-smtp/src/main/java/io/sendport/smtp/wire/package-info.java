/**
 * Speaks SMTP over one connection: the socket, TLS, the log-on, the transaction, and the meaning of each reply. Internal to this module:
 * public only for the other SMTP packages; any version may change it.
 */
@NullMarked
package io.sendport.smtp.wire;

import org.jspecify.annotations.NullMarked;
