/**
 * Shares connections between the messages of a relay, limits their number, and pauses accounts that the server refuses. Internal to this
 * module: public only for the SMTP adapter; any version may change it.
 */
@NullMarked
package io.sendport.smtp.pool;

import org.jspecify.annotations.NullMarked;
