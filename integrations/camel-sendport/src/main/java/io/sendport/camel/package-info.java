/**
 * The Camel component {@code sendport}: a route in any Camel context submits to a send port.
 *
 * <p>Promised: the options and headers of docs/camel-component.md do not change their meaning within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.camel;
