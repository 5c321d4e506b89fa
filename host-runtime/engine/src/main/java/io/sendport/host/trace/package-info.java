/** Spans of messages for distributed tracing, by the API of OpenTelemetry. */
@NullMarked
package io.sendport.host.trace;

import org.jspecify.annotations.NullMarked;
