/** Seen from outside over HTTP: metrics for Prometheus and health, on the loopback address unless configured otherwise. */
@NullMarked
package io.sendport.console;

import org.jspecify.annotations.NullMarked;
