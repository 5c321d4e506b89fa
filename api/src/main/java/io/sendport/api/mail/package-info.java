/**
 * A mail as the pipeline makes it. Envelope, outer header fields and entity are separate. An encoder that sees the entity cannot touch the
 * fields that stay readable, and a Bcc recipient has no header field that could reveal it. Addresses and header fields can only be created
 * well-formed: this is the only place that refuses CR, LF, NUL and the like.
 *
 * <p>Promised: within a major version, nothing is removed and nothing changes its meaning.
 *
 * <p>Null is never allowed. Records, enums and other values are immutable and thread-safe; an interface says how many threads may use it at
 * once. A constructor that refuses a value throws {@link IllegalArgumentException} with the value and what was expected.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.mail;
