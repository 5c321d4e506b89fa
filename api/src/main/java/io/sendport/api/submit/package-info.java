/**
 * The Java way into the message box: a submission goes in, and once the call returns it is on disk.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 *
 * <p>Null is allowed nowhere. Records, enums and other values are immutable and for any number of threads; an interface says how many
 * threads may use it at once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.submit;
