/**
 * What a host lends components and adapters: its clock, meters, configuration folder, and room for large temporary content. Promised: nothing
 * here changes its meaning or goes away within a major version; methods may be added, with a default.
 *
 * <p>Null is allowed nowhere. Records, enums and other values are immutable and for any number of threads; an interface says how many
 * threads may use it at once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.host;
