/** The resources of the HTTP API. Each turns a request into a call of {@code io.sendport.host.operate}, and its result into a response. */
@NullMarked
package io.sendport.console.api;

import org.jspecify.annotations.NullMarked;
