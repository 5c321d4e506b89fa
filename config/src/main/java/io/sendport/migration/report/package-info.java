/** Reports what was made from a file, and what is left to do. */
@NullMarked
package io.sendport.migration.report;

import org.jspecify.annotations.NullMarked;
