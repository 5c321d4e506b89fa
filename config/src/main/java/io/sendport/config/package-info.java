/**
 * The configuration as immutable values, and what changes between two of them. Start at {@link io.sendport.config.Configuration}; what
 * concerns one port is in {@link io.sendport.config.port}, and {@code io.sendport.config.read} makes a configuration from XML files.
 * Nothing here opens a store, a socket or a key: what a factory must look at is checked by the host with the factory's help. Methods that
 * take settings and problems, and {@link io.sendport.config.StoreUrl}, are internal to this module: they are public for the reader only.
 */
@NullMarked
package io.sendport.config;

import org.jspecify.annotations.NullMarked;
