/**
 * The contract of send adapters: one sealed delivery goes in, one result for each recipient comes out. What the peer can answer is a value;
 * an exception is a bug or a broken environment. Nothing here belongs to one protocol. Promised: nothing here changes its meaning or is
 * removed within a major version.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.adapter;
