/**
 * The S/MIME encoder (RFC 8551): signs, encrypts, or both, and fails closed. Start at {@link io.sendport.component.smime.SmimeFactory},
 * which reads the settings, then {@link io.sendport.component.smime.SmimeOpener} for the way back. The encoder sees the entity of the
 * mail only; the outer header stays in plain text. The packages below it are internal to this module: they are public so that the
 * encoder can use them, and any version may change them.
 */
@NullMarked
package io.sendport.component.smime;

import org.jspecify.annotations.NullMarked;
