package io.sendport.host.camel;

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
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code sendport:NAME}: any Camel route feeds a send port. The body becomes the body part, each attachment a further part, {@code CamelFileName} its file name,
 * {@code Content-Type} its media type, {@code SendportDedupeKey} the dedupe key, else what the source knows the message by; headers whose name has a BizTalk prefix, or none and
 * no dot, become properties. The exchange goes on once the message is on disk, with its id in {@code SendportMessageId}.
 */
final class SendportComponent extends DefaultComponent {

    static final String MESSAGE_ID = "SendportMessageId";
    /** {@code sendport:*}: to every port that subscribes. */
    static final String SUBSCRIBERS = "*";

    static final String DEDUPE_KEY = "SendportDedupeKey";

    private static final List<String> PREFIXES = List.of("BTS.", "SMTP.", "MIME.");

    private final FeedPatience patience;
    private volatile Set<String> ports;

    SendportComponent(FeedPatience patience, Set<String> ports) {
        this.patience = patience;
        this.ports = Set.copyOf(ports);
    }

    /** From now on these are the names there are. */
    void know(Set<String> names) {
        ports = Set.copyOf(names);
    }

    /** What is wrong with the name behind {@code sendport:}. */
    Optional<String> fault(String name) {
        return name.equals(SUBSCRIBERS) || ports.contains(name)
                ? Optional.empty()
                : Optional.of("there is no send port or group \"" + name + "\", expected one of " + ports + " or "
                        + SUBSCRIBERS);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        boolean subscribers = remaining.equals(SUBSCRIBERS);
        fault(remaining).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        SendportEndpoint endpoint = new SendportEndpoint(uri, subscribers ? "" : remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private final class SendportEndpoint extends DefaultEndpoint {
        private final String port;

        SendportEndpoint(String uri, String port) {
            super(uri, SendportComponent.this);
            this.port = port;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    String ids = patience.publish(submission(port, exchange), exchange).stream()
                            .map(receipt -> receipt.id().value())
                            .collect(Collectors.joining(","));
                    FeedSource.submitted(exchange);
                    exchange.getMessage().setHeader(MESSAGE_ID, ids);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("sendport: takes messages and gives none; use it in <to>");
        }
    }

    private static Submission submission(String port, Exchange exchange) throws IOException {
        Message in = exchange.getMessage();
        Context context = Context.empty();
        for (Map.Entry<String, Object> header : in.getHeaders().entrySet()) {
            Optional<Object> value = value(header.getValue());
            if (isProperty(header.getKey()) && value.isPresent()) {
                context = context.with(header.getKey(), value.get());
            }
        }
        String name = in.getHeader(Exchange.FILE_NAME, String.class);
        String type = in.getHeader(Exchange.CONTENT_TYPE, name == null ? FeedContent.type(exchange) : "", String.class);
        Part part = Part.body(type, FeedContent.body(exchange));
        if (name != null) {
            part = part.withFileName(FileName.of(name));
            context = context.with(MessageProperties.FILE_NAME, part.fileName().orElse(name));
        }
        return new Submission(
                port,
                context,
                FeedContent.parts(exchange, part),
                Optional.ofNullable(in.getHeader(DEDUPE_KEY, String.class)).or(() -> FeedSource.key(exchange)),
                "route " + exchange.getFromRouteId());
    }

    private static boolean isProperty(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith)
                || (name.matches("[\\p{L}\\p{Nd}_]{1,256}")
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
