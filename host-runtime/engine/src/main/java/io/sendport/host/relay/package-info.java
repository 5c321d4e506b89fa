/**
 * The embedded audit relay: files each message with its envelope before it answers 250, and passes it on where it has a next hop. Takes
 * mail from its own process alone, sends no notices, routes nothing: no MTA.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.relay;
