/**
 * The S/MIME encoder (RFC 8551): signs, encrypts, or both, and fails closed. It sees the mail's entity only; the outer header stays
 * in plain text. The only package that knows Bouncy Castle: its CMS structures, with the arithmetic done by the JDK's providers.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.component.smime;
