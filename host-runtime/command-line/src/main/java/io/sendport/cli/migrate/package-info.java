/** The command {@code import}. */
@NullMarked
package io.sendport.cli.migrate;

import org.jspecify.annotations.NullMarked;
