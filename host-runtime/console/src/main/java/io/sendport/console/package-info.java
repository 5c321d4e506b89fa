/** The HTTP endpoints of a process: metrics, health, API and web console. By default they listen on the loopback address. */
@NullMarked
package io.sendport.console;

import org.jspecify.annotations.NullMarked;
