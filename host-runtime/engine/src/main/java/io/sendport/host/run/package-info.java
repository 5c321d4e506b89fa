/**
 * What the routes of a host instance call: {@link io.sendport.host.run.PortWork} takes one message through one port,
 * {@link io.sendport.host.run.Dispatcher} hands claimed messages out. Nothing here needs Camel. The process and its host instances are in
 * {@code io.sendport.host.process}.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run;
