package io.sendport.host.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The field {@code traceparent} (W3C Trace Context, section 3.2) as text. */
final class TraceParent {

    /** Accepts any version. Later versions may append fields, which are ignored. */
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final String INVALID_VERSION = "ff";
    private static final String VERSION = "00";

    private TraceParent() {}

    /** Parses the field value; empty when it is malformed. */
    static Optional<SpanContext> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()
                || matcher.group(1).equals(INVALID_VERSION)
                || (matcher.group(1).equals(VERSION) && matcher.group(5) != null)) {
            return Optional.empty();
        }
        return Optional.of(SpanContext.createFromRemoteParent(
                        matcher.group(2),
                        matcher.group(3),
                        TraceFlags.fromHex(matcher.group(4), 0),
                        TraceState.getDefault()))
                .filter(SpanContext::isValid);
    }

    /** Returns the field value that names {@code span}. */
    static String text(SpanContext span) {
        return VERSION + "-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getTraceFlags().asHex();
    }
}
