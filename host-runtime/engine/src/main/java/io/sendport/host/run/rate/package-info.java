/** Limits how many messages one process, or all processes on the same store, send in a period. Internal to {@code run}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run.rate;
