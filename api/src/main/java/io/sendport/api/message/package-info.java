/**
 * A business message on its way: parts with bodies that can be read again, and a typed context of named properties. Start at {@link
 * io.sendport.api.message.Message}. Everything here is immutable and depends only on the JDK. Nothing about mail, storage or transport
 * belongs here.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.message;
