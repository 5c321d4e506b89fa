/**
 * What the configuration says of one send port or group of ports: where it sends, when, how often it tries, and which messages it wants.
 * Start at {@link io.sendport.config.port.SendPort}. Methods that take settings and problems are internal to this module: they are public
 * for the reader only.
 */
@NullMarked
package io.sendport.config.port;

import org.jspecify.annotations.NullMarked;
