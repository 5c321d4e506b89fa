/**
 * Examines a relay for {@code sendport doctor}: its name, ports, TLS, certificate and log-on, without sending a mail. Internal to this
 * module: it is public for the SMTP adapter only, and any version may change it.
 */
@NullMarked
package io.sendport.smtp.doctor;

import org.jspecify.annotations.NullMarked;
