/**
 * Templates of the configuration: text, addresses and file paths with macros, and what a value may contain in each.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@NullMarked
package io.sendport.api.template;

import org.jspecify.annotations.NullMarked;
