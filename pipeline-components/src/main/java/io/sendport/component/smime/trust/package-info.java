/**
 * Decides whether a certificate can be trusted: its chain, its purpose, and its revocation by list or by OCSP. Internal to this module:
 * it is public for the other S/MIME packages only, and any version may change it.
 */
@NullMarked
package io.sendport.component.smime.trust;

import org.jspecify.annotations.NullMarked;
