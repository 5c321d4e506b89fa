/** Writes the configuration as text for people. */
@NullMarked
package io.sendport.migration.write;

import org.jspecify.annotations.NullMarked;
