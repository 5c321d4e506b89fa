/**
 * The contract of send adapters: one sealed delivery goes in, one result for each recipient comes out. The adapter
 * returns every answer of the peer as a value; an exception is a bug or a broken environment. Nothing here is specific to one protocol.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.adapter;
