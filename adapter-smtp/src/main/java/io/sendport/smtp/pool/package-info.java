/**
 * Shares connections between the messages of a relay, limits how many there are, and rests accounts that the server refuses. Internal to
 * this module: it is public for the SMTP adapter only, and any version may change it.
 */
@NullMarked
package io.sendport.smtp.pool;

import org.jspecify.annotations.NullMarked;
