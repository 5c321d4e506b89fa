package io.sendport.host.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.Receipt;
import io.sendport.host.box.NewMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The spans of messages while they are stored. The parent of a span is the span that the message names in
 * {@link MessageProperties#TRACE_PARENT}, or else the current span. The message to store names the new span there. Without a tracer, a
 * valid value stays and a malformed value is removed. For one thread.
 */
public final class SubmissionSpans implements AutoCloseable {

    private final List<NewMessage> messages;
    private final List<Span> spans;
    private boolean stored;

    private SubmissionSpans(List<NewMessage> messages, List<Span> spans) {
        this.messages = messages;
        this.spans = spans;
    }

    static SubmissionSpans begin(List<NewMessage> given, Optional<Tracer> tracer) {
        List<NewMessage> messages = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        for (NewMessage each : given) {
            Optional<String> text = each.context().text(MessageProperties.TRACE_PARENT.name());
            Optional<SpanContext> parent = text.flatMap(TraceParent::parse);
            if (tracer.isPresent()) {
                Span span = begin(tracer.get(), each, parent);
                spans.add(span);
                messages.add(each.with(
                        each.context().with(MessageProperties.TRACE_PARENT, TraceParent.text(span.getSpanContext()))));
            } else if (text.isPresent() && parent.isEmpty()) {
                messages.add(each.with(each.context().without(MessageProperties.TRACE_PARENT.name())));
            } else {
                messages.add(each);
            }
        }
        return new SubmissionSpans(messages, spans);
    }

    private static Span begin(Tracer tracer, NewMessage message, Optional<SpanContext> parent) {
        SpanBuilder builder =
                Tracing.builder(tracer, "submit", message.port(), message.id()).setSpanKind(SpanKind.PRODUCER);
        parent.ifPresent(each -> builder.setParent(Context.root().with(Span.wrap(each))));
        return builder.startSpan();
    }

    /** The messages to store, with the new trace parents. */
    public List<NewMessage> messages() {
        return messages;
    }

    /** Records that the messages are on disk. {@code receipts} are in the order of {@link #messages}. */
    public void markStored(List<Receipt> receipts) {
        stored = true;
        for (int i = 0; i < spans.size(); i++) {
            if (receipts.get(i).duplicate()) {
                spans.get(i).setAttribute(Attributes.DUPLICATE, true);
            }
        }
    }

    @Override
    public void close() {
        for (Span each : spans) {
            if (!stored) {
                each.setStatus(StatusCode.ERROR);
            }
            each.end();
        }
    }
}
