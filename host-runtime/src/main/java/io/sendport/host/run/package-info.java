/**
 * What a process runs: {@link io.sendport.host.run.HostProcess} is the process with its store, {@link io.sendport.host.run.HostInstance}
 * one host in it, {@link io.sendport.host.run.PortWork} the way of one message through one port. Routes are Camel's, in the package
 * beside; what they call stands here and needs no Camel.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run;
