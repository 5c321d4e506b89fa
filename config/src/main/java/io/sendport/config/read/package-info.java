/**
 * Reads the XML files and builds the {@link io.sendport.config.Configuration}, or the list of all problems in them. Start at {@link
 * io.sendport.config.read.ConfigurationReader}. An invalid configuration is refused with file, line and column; it is never repaired.
 */
@NullMarked
package io.sendport.config.read;

import org.jspecify.annotations.NullMarked;
