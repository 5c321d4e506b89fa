/** Bounds how many messages are sent in a period, by one process or by all processes on the same store. Internal to {@code run}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run.rate;
