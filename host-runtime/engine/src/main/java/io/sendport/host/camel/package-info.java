/**
 * The Camel shell around a host: one context, a route for each port, the {@code sendport:} component that feeds them, feed routes
 * from XML files, and any Camel endpoint as a pipeline component or a transport. It makes no decisions.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.camel;
