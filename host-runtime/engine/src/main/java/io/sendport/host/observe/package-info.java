/** What is told of a host process: metrics for a registry of the application, and health. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.observe;
