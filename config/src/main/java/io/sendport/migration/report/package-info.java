/** Reports the result of an import, and what is left to do. */
@NullMarked
package io.sendport.migration.report;

import org.jspecify.annotations.NullMarked;
