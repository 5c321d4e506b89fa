/** The resources of the HTTP API: each turns a request into a call of {@code io.sendport.host.operate} and its result into an answer. */
@NullMarked
package io.sendport.console.api;

import org.jspecify.annotations.NullMarked;
