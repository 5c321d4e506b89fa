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
 * Work on a message in this thread, with a span that is current until it is closed. Log lines in between carry {@code trace.id}. No attribute
 * holds an address, a subject, a reply or an error text. For one thread.
 */
public final class MessageSpan implements AutoCloseable {

    /** Without a span. */
    static final MessageSpan NONE = new MessageSpan(null, null);

    private static final String TRACE_ID = "trace.id";
    private static final Pattern PEER = Pattern.compile("(.+):(\\d{1,5})");
    private static final Pattern CODE = Pattern.compile("(\\d{3})\\b.*", Pattern.DOTALL);

    /** The worst first. */
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

    /** Ends the span of an attempt. It stays current, so that metrics of the result can refer to it. */
    public void ended(DeliveryResult result) {
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

    /** Marks the span as failed by {@code type}, the simple name of an exception. */
    void failed(String type) {
        if (span != null) {
            span.setAttribute(Attributes.ERROR_TYPE, type);
            span.setStatus(StatusCode.ERROR);
        }
    }

    @Override
    public void close() {
        if (span != null && scope != null) {
            scope.close();
            // The second end of a span does nothing.
            span.end();
            MDC.remove(TRACE_ID);
        }
    }
}
