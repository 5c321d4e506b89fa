/**
 * What the processes on one store share besides messages: port states, instances and their leases, reload requests, log levels and rates.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.control;
