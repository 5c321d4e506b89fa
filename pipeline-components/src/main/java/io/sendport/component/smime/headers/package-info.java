/**
 * Protects the header fields of a mail inside the signed or encrypted content (RFC 9788). Internal to this module: public only for the
 * S/MIME encoder; any version may change it.
 */
@NullMarked
package io.sendport.component.smime.headers;

import org.jspecify.annotations.NullMarked;
