/**
 * The embedded audit relay. It stores each message with its envelope before it replies 250, and passes it on if it has a next hop.
 * It accepts mail only from its own process, sends no notifications and routes nothing: it is not an MTA.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.relay;
