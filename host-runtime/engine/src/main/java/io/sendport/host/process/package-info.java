/**
 * The running process: {@link io.sendport.host.process.HostProcess} opens the store and runs {@link io.sendport.host.process.HostInstance}s
 * until it is told to drain. Here the parts of the other packages are put together, and nowhere else.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.process;
