/**
 * Processes claimed messages: {@link io.sendport.host.run.PortWork} takes one message through one port,
 * {@link io.sendport.host.run.Dispatcher} hands out claimed messages. Nothing here needs Camel. The process and its host instances
 * are in {@code io.sendport.host.process}.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run;
