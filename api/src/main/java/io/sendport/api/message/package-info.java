/**
 * A business message as it travels: parts with reopenable bodies and a typed context of named properties. Start at
 * {@link io.sendport.api.message.Message}. Everything here is immutable and knows only the JDK; nothing about mail, storage or
 * transport belongs here.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.message;
