/**
 * The running process: {@link io.sendport.host.process.HostProcess} opens the store and runs
 * {@link io.sendport.host.process.HostInstance}s until its caller drains it. Only this package combines the parts of the other
 * packages.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.process;
