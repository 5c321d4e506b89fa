/**
 * From XML files to an immutable {@link io.sendport.config.Configuration}, or to a list of everything wrong with them. Start at
 * {@link io.sendport.config.ConfigurationReader}. Wrong configuration is refused with file, line and column; it is never repaired.
 * Nothing here opens a store, a socket or a key: what a factory must look at is checked by the host with the factory's help.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.config;
