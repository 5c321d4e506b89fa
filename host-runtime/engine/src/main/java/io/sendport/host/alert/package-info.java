/**
 * Sends alerts about conditions: by mail through a server of their own, by signed webhook, and by heartbeat. Of all processes that
 * share a message box, only the one that holds the alert lease sends.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.alert;
