package io.sendport.console;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/** The span that is current when a metric is recorded, for exemplars. Without a span there are none. Safe for use by several threads. */
final class TraceExemplars implements io.prometheus.metrics.tracer.common.SpanContext {

    @Override
    public @Nullable String getCurrentTraceId() {
        SpanContext current = Span.current().getSpanContext();
        return current.isValid() ? current.getTraceId() : null;
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        SpanContext current = Span.current().getSpanContext();
        return current.isValid() ? current.getSpanId() : null;
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return Span.current().getSpanContext().isSampled();
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // No exporter needs to know it.
    }
}
