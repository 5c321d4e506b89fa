/**
 * The configuration as immutable values, and what changes between two of them; {@link io.sendport.config.port} holds those of a port. Start at {@link io.sendport.config.Configuration};
 * {@code io.sendport.config.read} makes one from XML files. Nothing here opens a store, a socket or a key: what a factory must look at is
 * checked by the host with the factory's help. Methods that take settings and problems, and {@link io.sendport.config.StoreUrl}, are
 * internal to this module: they are public for the reader only.
 */
@NullMarked
package io.sendport.config;

import org.jspecify.annotations.NullMarked;
