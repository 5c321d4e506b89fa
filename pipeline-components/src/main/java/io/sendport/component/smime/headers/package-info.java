/**
 * Protects the header fields of a mail inside what is signed or encrypted (RFC 9788). Internal to this module: it is public for the
 * S/MIME encoder only, and any version may change it.
 */
@NullMarked
package io.sendport.component.smime.headers;

import org.jspecify.annotations.NullMarked;
