/** Spans of messages for distributed tracing with the OpenTelemetry API. */
@NullMarked
package io.sendport.host.trace;

import org.jspecify.annotations.NullMarked;
