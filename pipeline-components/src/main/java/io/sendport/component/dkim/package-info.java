/** DKIM (RFC 6376): signs finished mails, and compares the published key with our own. Null is never allowed. */
@org.jspecify.annotations.NullMarked
package io.sendport.component.dkim;
