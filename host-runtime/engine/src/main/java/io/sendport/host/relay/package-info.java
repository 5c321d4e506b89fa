/**
 * The embedded audit relay. It stores each mail with its envelope before it replies 250, and passes the mail on if there is a next hop. It
 * accepts mail only from its own process, sends no notifications and routes nothing: it is not an MTA.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.relay;
