/**
 * The Java interface of the message box. When a submit returns, the submission is on disk.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.submit;
