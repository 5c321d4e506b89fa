/**
 * Where keys and certificates come from, and what they may be used for: key files, tokens, folders, directories and the provider of the
 * cryptography. Internal to this module: it is public for the other S/MIME packages only, and any version may change it.
 */
@NullMarked
package io.sendport.component.smime.keys;

import org.jspecify.annotations.NullMarked;
