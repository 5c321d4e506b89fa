/**
 * The Camel component {@code sendport}: routes in any Camel context submit to send ports and receive outcomes.
 *
 * <p>Promised: the options and headers of docs/camel-component.md do not change their meaning within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.camel;
