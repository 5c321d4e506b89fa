/**
 * Finds keys and certificates and checks their permitted use: key files, tokens, folders, directories and the cryptography provider.
 * Internal to this module: public only for the other S/MIME packages; any version may change it.
 */
@NullMarked
package io.sendport.component.smime.keys;

import org.jspecify.annotations.NullMarked;
