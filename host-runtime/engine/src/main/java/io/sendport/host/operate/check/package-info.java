/** Checks before mail is sent: a dry run of a message, and a diagnosis of the connection of a port. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.operate.check;
