package io.sendport.host.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.support.text.Text;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A span for work on a message. The span is current in this thread until it is closed, and log lines have its {@code trace.id} meanwhile.
 * Attributes never contain an address, a subject, a reply or an error text. For one thread.
 */
public final class MessageSpan implements AutoCloseable {

    /** Records nothing. */
    static final MessageSpan NONE = new MessageSpan(null, null);

    private static final String TRACE_ID = "trace.id";
    private static final Pattern PEER = Pattern.compile("(.+):(\\d{1,5})");
    private static final Pattern CODE = Pattern.compile("(\\d{3})\\b.*", Pattern.DOTALL);

    /** The outcomes, the most severe first. */
    private static final List<Outcome> ORDER =
            List.of(Outcome.IN_DOUBT, Outcome.REFUSED, Outcome.DEFERRED, Outcome.ACCEPTED);

    private final @Nullable Span span;
    private final @Nullable Scope scope;

    private MessageSpan(@Nullable Span span, @Nullable Scope scope) {
        this.span = span;
        this.scope = scope;
    }

    @SuppressWarnings("MustBeClosedChecker") // close() closes the scope
    static MessageSpan in(Span span) {
        MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
        return new MessageSpan(span, span.makeCurrent());
    }

    /** Ends the span with the result of an attempt. The span stays current until {@link #close}, so that metrics can refer to it. */
    public void end(DeliveryResult result) {
        if (span == null) {
            return;
        }
        Matcher peer = PEER.matcher(result.peer());
        if (peer.matches()) {
            span.setAttribute(Attributes.SERVER_ADDRESS, peer.group(1));
            span.setAttribute(Attributes.SERVER_PORT, Long.valueOf(peer.group(2)));
        }
        result.recipients().stream()
                .min(Comparator.comparingInt(each -> ORDER.indexOf(each.outcome())))
                .ifPresent(each -> describe(span, each));
        span.setAttribute(Attributes.RECIPIENTS, (long) result.recipients().size());
        span.end();
    }

    private static void describe(Span span, RecipientResult worst) {
        span.setAttribute(Attributes.OUTCOME, Text.word(worst.outcome()));
        Matcher code = CODE.matcher(worst.text());
        if (code.matches()) {
            span.setAttribute(Attributes.REPLY_CODE, Long.valueOf(code.group(1)));
        }
        if (worst.outcome() != Outcome.ACCEPTED) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** Marks the span as failed. {@code type} is the simple name of the exception. */
    void fail(String type) {
        if (span != null) {
            span.setAttribute(Attributes.ERROR_TYPE, type);
            span.setStatus(StatusCode.ERROR);
        }
    }

    @Override
    public void close() {
        if (span != null && scope != null) {
            scope.close();
            // Does nothing if the span has ended.
            span.end();
            MDC.remove(TRACE_ID);
        }
    }
}
