/** Tells people about conditions: by mail over a server of its own, by signed webhook, and by a heartbeat. One process of a store speaks. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.alert;
