/**
 * Runs a host in Apache Camel: one context, a route for each port, and feed routes from XML files with the component {@code sendport:}.
 * Camel endpoints can be pipeline components and transports. Makes no decisions about messages.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.camel;
