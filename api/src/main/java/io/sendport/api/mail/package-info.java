/**
 * A mail as the pipeline makes it: envelope, outer header fields and entity stand apart, so that an encoder that sees the entity
 * can't touch what stays readable, and a Bcc recipient has no header field to leak through. Addresses and header fields can only
 * be made well-formed: this is the one gate for CR, LF, NUL and their like.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 *
 * <p>Null is allowed nowhere. Records, enums and other values are immutable and for any number of threads; an interface says how many
 * threads may use it at once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.mail;
