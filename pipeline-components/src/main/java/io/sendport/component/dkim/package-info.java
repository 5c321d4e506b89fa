/** DKIM (RFC 6376): signs finished mails, and compares the published key with the configured one. Null is never allowed. */
@org.jspecify.annotations.NullMarked
package io.sendport.component.dkim;
