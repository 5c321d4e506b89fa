package io.sendport.host.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.NewMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of messages: {@code submit PORT} when it is stored, {@code process PORT} for its pipeline, {@code send PORT} for each attempt.
 * The submitter's span is the parent of the first, and the others link to the first: a retry after an hour belongs to no request. Without an
 * SDK no span is made. Safe for use by several threads.
 */
public final class Tracing {

    /** Makes no spans. */
    public static final Tracing OFF = new Tracing(null);

    private static final String SCOPE = "io.sendport";

    private final @Nullable Tracer tracer;

    private Tracing(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** Makes spans with {@code sdk}; {@link #OFF} when it is only the API. */
    public static Tracing of(OpenTelemetry sdk) {
        Tracer tracer = sdk.getTracer(SCOPE);
        return tracer.getClass() == OpenTelemetry.noop().getTracer(SCOPE).getClass() ? OFF : new Tracing(tracer);
    }

    /** Whether spans are made. */
    public boolean isOn() {
        return tracer != null;
    }

    /** Begins the spans of messages that are about to be stored; see {@link SubmissionSpans}. */
    public SubmissionSpans submitting(List<NewMessage> messages) {
        return SubmissionSpans.of(messages, Optional.ofNullable(tracer));
    }

    /** Work that may fail. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Does it. */
        T run() throws E;
    }

    /**
     * Runs the pipeline of a message.
     *
     * @param parent the span of its submit; asked only if spans are made
     */
    public <T, E extends Exception> T process(
            String port, MessageId message, Supplier<Optional<String>> parent, Work<T, E> work) throws E {
        Tracer active = tracer;
        if (active == null) {
            return work.run();
        }
        SpanBuilder builder = linked(active, "process", port, message, parent).setSpanKind(SpanKind.CONSUMER);
        try (MessageSpan activity = MessageSpan.in(builder.startSpan())) {
            try {
                return work.run();
            } catch (Exception | Error e) {
                activity.failed(e.getClass().getSimpleName());
                throw e;
            }
        }
    }

    /**
     * Begins an attempt. The caller closes it.
     *
     * @param attempt delivery and number, such as {@code 1.2}
     * @param parent the span of the message's submit; asked only if spans are made
     */
    public MessageSpan sending(String port, MessageId message, String attempt, Supplier<Optional<String>> parent) {
        Tracer active = tracer;
        return active == null
                ? MessageSpan.NONE
                : MessageSpan.in(linked(active, "send", port, message, parent)
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(Attributes.ATTEMPT, attempt)
                        .startSpan());
    }

    private static SpanBuilder linked(
            Tracer tracer, String operation, String port, MessageId message, Supplier<Optional<String>> parent) {
        SpanBuilder builder = builder(tracer, operation, port, message).setNoParent();
        parent.get().flatMap(TraceParent::parse).ifPresent(builder::addLink);
        return builder;
    }

    static SpanBuilder builder(Tracer tracer, String operation, String port, MessageId message) {
        return tracer.spanBuilder(operation + " " + port)
                .setAttribute(Attributes.SYSTEM, "sendport")
                .setAttribute(Attributes.OPERATION, operation)
                .setAttribute(Attributes.DESTINATION, port)
                .setAttribute(Attributes.MESSAGE_ID, message.value());
    }
}
