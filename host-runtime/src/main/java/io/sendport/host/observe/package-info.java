/** Seen from outside: metrics for Prometheus and health, over HTTP on the loopback address unless configured otherwise. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.observe;
