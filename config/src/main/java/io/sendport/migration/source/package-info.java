/** Reads the XML files of other products, as data only. */
@NullMarked
package io.sendport.migration.source;

import org.jspecify.annotations.NullMarked;
