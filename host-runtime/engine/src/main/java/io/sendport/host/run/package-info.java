/**
 * Claims and processes messages. {@link io.sendport.host.run.Dispatcher} claims messages and passes them to the ports;
 * {@link io.sendport.host.run.PortWork} processes a message at its port. Nothing here needs Camel. The process and its host instances are
 * in {@code io.sendport.host.process}.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run;
