/** Metrics, health and log levels of a host process. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.observe;
