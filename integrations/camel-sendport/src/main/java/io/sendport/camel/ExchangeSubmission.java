package io.sendport.camel;

import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.support.FileName;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Converts an exchange to a submission. The body becomes the body part, with the headers {@code CamelFileName} as its file name and {@code
 * Content-Type} as its media type. Each attachment becomes a further part. Headers become properties if their name begins with a BizTalk
 * prefix, or has only letters, digits and underscores.
 */
final class ExchangeSubmission {

    private static final List<String> PREFIXES = List.of("BTS.", "SMTP.", "MIME.");

    /** The W3C Trace Context field that instrumented routes set. */
    private static final String TRACE_PARENT = "traceparent";

    private ExchangeSubmission() {}

    static Submission of(Exchange exchange, SendportEndpoint endpoint) throws IOException {
        Message in = exchange.getMessage();
        Context context = Context.empty();
        for (Map.Entry<String, Object> header : in.getHeaders().entrySet()) {
            Optional<Object> value = value(header.getValue());
            if (isProperty(header.getKey()) && value.isPresent()) {
                context = context.with(header.getKey(), value.get());
            }
        }
        String trace = in.getHeader(TRACE_PARENT, String.class);
        if (trace != null && context.get(MessageProperties.TRACE_PARENT).isEmpty()) {
            context = context.with(MessageProperties.TRACE_PARENT, trace);
        }
        String name = in.getHeader(Exchange.FILE_NAME, String.class);
        String type =
                in.getHeader(Exchange.CONTENT_TYPE, name == null ? ExchangeContent.type(exchange) : "", String.class);
        Part part = Part.body(type, ExchangeContent.body(exchange));
        if (name != null) {
            part = part.withFileName(FileName.of(name));
            context = context.with(MessageProperties.FILE_NAME, part.fileName().orElse(name));
        }
        return new Submission(
                endpoint.getPort().equals(SendportComponent.SUBSCRIBERS) ? "" : endpoint.getPort(),
                context,
                endpoint.isAttachments() ? ExchangeContent.parts(exchange, part) : List.of(part),
                key(exchange, endpoint),
                by(exchange, endpoint));
    }

    private static Optional<String> key(Exchange exchange, SendportEndpoint endpoint) {
        String expression = endpoint.getDedupeKey();
        if (expression != null) {
            return Optional.ofNullable(exchange.getContext()
                    .resolveLanguage("simple")
                    .createExpression(expression)
                    .evaluate(exchange, String.class));
        }
        return Optional.ofNullable(exchange.getMessage().getHeader(SendportHeaders.DEDUPE_KEY, String.class))
                .or(() -> SourceKey.of(exchange));
    }

    private static String by(Exchange exchange, SendportEndpoint endpoint) {
        String by = endpoint.getBy();
        return by == null ? "route " + exchange.getFromRouteId() : by;
    }

    private static boolean isProperty(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith)
                || name.equals(MessageProperties.TRACE_PARENT.name())
                || (!name.equals(TRACE_PARENT)
                        && name.matches("[\\p{L}\\p{Nd}_]{1,256}")
                        && !name.startsWith("Camel")
                        && !name.startsWith("Sendport"));
    }

    private static Optional<Object> value(Object header) {
        if (header instanceof Integer number) {
            return Optional.of(number.longValue());
        }
        boolean typed = header instanceof String
                || header instanceof Long
                || header instanceof Boolean
                || header instanceof BigDecimal
                || header instanceof Instant;
        return typed ? Optional.of(header) : Optional.empty();
    }
}
