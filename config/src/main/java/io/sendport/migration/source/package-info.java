/** The XML of a file that somebody brings: data, and never more than data. */
@NullMarked
package io.sendport.migration.source;

import org.jspecify.annotations.NullMarked;
