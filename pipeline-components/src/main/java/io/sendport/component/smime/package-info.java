/**
 * The S/MIME encoder (RFC 8551): signs, encrypts, or both, and fails closed. Start at {@link io.sendport.component.smime.SmimeFactory},
 * which reads the settings; {@link io.sendport.component.smime.SmimeOpener} is the receiving side. The encoder sees only the entity of the
 * mail; the outer header stays in plain text. The packages below are internal to this module: public only for the encoder; any version may
 * change them.
 */
@NullMarked
package io.sendport.component.smime;

import org.jspecify.annotations.NullMarked;
