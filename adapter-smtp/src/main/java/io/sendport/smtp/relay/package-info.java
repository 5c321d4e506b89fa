/**
 * The configuration of a relay: its address, TLS, trust, and log-on. Nothing here opens a connection. Internal to this module: public only
 * for the other SMTP packages; any version may change it.
 */
@NullMarked
package io.sendport.smtp.relay;

import org.jspecify.annotations.NullMarked;
