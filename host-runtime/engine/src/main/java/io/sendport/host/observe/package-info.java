/** Metrics for the application's registry, and the health of a host process. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.observe;
