/** The embedded audit relay, for trying things out: files each message with its envelope before it answers 250. No MTA. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.relay;
