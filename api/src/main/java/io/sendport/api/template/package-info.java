/**
 * Templates of the configuration: text, addresses and file paths with macros, and what a value may do in each.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 */
@NullMarked
package io.sendport.api.template;

import org.jspecify.annotations.NullMarked;
