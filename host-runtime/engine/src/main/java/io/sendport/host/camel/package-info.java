/**
 * Runs a host in Apache Camel: one context, a route for each port, feed routes from XML files with the component {@code sendport:}, and
 * Camel endpoints as pipeline components and transports. Makes no decisions about messages.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.camel;
