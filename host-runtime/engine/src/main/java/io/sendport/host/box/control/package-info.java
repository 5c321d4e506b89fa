/**
 * What the processes on one store exchange besides messages: port states, instances and their leases, reload requests, and rates.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.control;
