/**
 * The configuration as immutable values, and the changes between two configurations. Start at {@link io.sendport.config.Configuration}.
 * Settings of one port are in {@link io.sendport.config.port}; {@code io.sendport.config.read} reads a configuration from XML files.
 * Nothing here opens a store, a socket or a key: the host does such checks with the help of the factories. Methods that take settings and
 * problems, and {@link io.sendport.config.StoreUrl}, are internal to this module; they are public only for the reader.
 */
@NullMarked
package io.sendport.config;

import org.jspecify.annotations.NullMarked;
