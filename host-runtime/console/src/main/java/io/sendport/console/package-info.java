/** A process seen from outside over HTTP: metrics and health, and the API. On the loopback address unless configured otherwise. */
@NullMarked
package io.sendport.console;

import org.jspecify.annotations.NullMarked;
