/**
 * The configuration of one send port or send port group: where it sends, when, how often it retries, and which messages it subscribes to.
 * Start at {@link io.sendport.config.port.SendPort}. Methods that take settings and problems are internal to this module; they are public
 * only for the reader.
 */
@NullMarked
package io.sendport.config.port;

import org.jspecify.annotations.NullMarked;
