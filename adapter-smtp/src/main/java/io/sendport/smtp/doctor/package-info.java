/**
 * Examines a relay for {@code sendport doctor}: its name, ports, TLS, certificate and log-on, without sending a mail. Internal to this
 * module: public only for the SMTP adapter; any version may change it.
 */
@NullMarked
package io.sendport.smtp.doctor;

import org.jspecify.annotations.NullMarked;
