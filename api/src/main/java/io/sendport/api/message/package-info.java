/**
 * A business message as it travels: parts with reopenable bodies and a typed context of named properties. Start at
 * {@link io.sendport.api.message.Message}. Everything here is immutable and knows only the JDK; nothing about mail, storage or
 * transport belongs here.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 *
 * <p>Null is allowed nowhere. Records, enums and other values are immutable and for any number of threads; an interface says how many
 * threads may use it at once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.message;
