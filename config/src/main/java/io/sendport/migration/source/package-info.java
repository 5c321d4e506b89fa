/** The XML of foreign files. It is treated as data only. */
@NullMarked
package io.sendport.migration.source;

import org.jspecify.annotations.NullMarked;
