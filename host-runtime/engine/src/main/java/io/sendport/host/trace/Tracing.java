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
 * Creates the spans of a message: {@code submit PORT} when it is stored, {@code process PORT} for its pipeline, and {@code send PORT} for
 * each attempt. The parent of the submit span is the span of the submitter. The other spans only link to the submit span, because a retry
 * after an hour does not belong to a request. Without an OpenTelemetry SDK, creates no spans. Safe for use by several threads.
 */
public final class Tracing {

    /** Creates no spans. */
    public static final Tracing OFF = new Tracing(null);

    private static final String SCOPE = "io.sendport";

    private final @Nullable Tracer tracer;

    private Tracing(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** Creates spans with {@code sdk}. Returns {@link #OFF} if {@code sdk} is the no-op implementation of the API. */
    public static Tracing of(OpenTelemetry sdk) {
        Tracer tracer = sdk.getTracer(SCOPE);
        return tracer.getClass() == OpenTelemetry.noop().getTracer(SCOPE).getClass() ? OFF : new Tracing(tracer);
    }

    /** Whether this object creates spans. */
    public boolean isOn() {
        return tracer != null;
    }

    /** Starts the submit spans of messages before they are stored. The caller must close the result. */
    public SubmissionSpans beginSubmit(List<NewMessage> messages) {
        return SubmissionSpans.begin(messages, Optional.ofNullable(tracer));
    }

    /** Work that may fail. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Does the work. */
        T run() throws E;
    }

    /**
     * Runs {@code work}, the pipeline of a message, in a span.
     *
     * @param parent gives the trace parent that names the submit span; called only if spans are created
     */
    public <T, E extends Exception> T process(
            String port, MessageId message, Supplier<Optional<String>> parent, Work<T, E> work) throws E {
        Tracer active = tracer;
        if (active == null) {
            return work.run();
        }
        SpanBuilder builder = linked(active, "process", port, message, parent).setSpanKind(SpanKind.CONSUMER);
        try (MessageSpan span = MessageSpan.in(builder.startSpan())) {
            try {
                return work.run();
            } catch (Exception | Error e) {
                span.fail(e.getClass().getSimpleName());
                throw e;
            }
        }
    }

    /**
     * Starts the span of an attempt. The caller must close it.
     *
     * @param attempt the numbers of the delivery and the attempt, such as {@code 1.2}
     * @param parent gives the trace parent that names the submit span; called only if spans are created
     */
    public MessageSpan beginSend(String port, MessageId message, String attempt, Supplier<Optional<String>> parent) {
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
