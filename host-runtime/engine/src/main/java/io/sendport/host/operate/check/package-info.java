/** Checks that need no running host: a dry run of a message, a diagnosis of connections, a test of alerts, and the effective settings. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.operate.check;
