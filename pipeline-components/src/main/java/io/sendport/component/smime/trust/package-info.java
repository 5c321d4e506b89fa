/**
 * Decides whether a certificate can be trusted: its chain, its purpose, and its revocation status by list or OCSP. Internal to this module:
 * public only for the other S/MIME packages; any version may change it.
 */
@NullMarked
package io.sendport.component.smime.trust;

import org.jspecify.annotations.NullMarked;
