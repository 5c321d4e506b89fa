/**
 * What the configuration says of a relay: its address, its TLS, whom to trust, and how to log on. Nothing here opens a connection.
 * Internal to this module: it is public for the other SMTP packages only, and any version may change it.
 */
@NullMarked
package io.sendport.smtp.relay;

import org.jspecify.annotations.NullMarked;
