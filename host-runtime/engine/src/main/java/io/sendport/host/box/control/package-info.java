/** What the processes on one store tell each other beside messages: states of ports, instances and their leases, wishes to reload, and rates. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.control;
