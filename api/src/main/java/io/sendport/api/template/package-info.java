/** Templates of the configuration: text, addresses and file paths with macros, and what a value may do in each. */
@NullMarked
package io.sendport.api.template;

import org.jspecify.annotations.NullMarked;
