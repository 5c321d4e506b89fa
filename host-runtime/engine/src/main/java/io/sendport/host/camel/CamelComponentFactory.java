package io.sendport.host.camel;

import io.sendport.api.component.ComponentFactory;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.ExchangeBuilder;

/** Creates the pipeline component {@code <camel uri>}. The endpoint gets the body of the message, and its response replaces the body. */
public final class CamelComponentFactory implements ComponentFactory {

    private static final String CAMEL = "Camel";

    @Override
    public String element() {
        return "camel";
    }

    @Override
    public Set<Stage> stages() {
        return Set.of(Stage.PRE_ASSEMBLE);
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        return CamelUri.check(settings, "direct:name");
    }

    @Override
    public MessageComponent create(Settings settings, HostServices host) {
        String uri = CamelUri.require(settings);
        CamelContext camel = host.require(CamelContext.class);
        ProducerTemplate template = camel.createProducerTemplate();
        template.start();
        return new EndpointComponent(camel, template, uri);
    }

    private record EndpointComponent(CamelContext camel, ProducerTemplate template, String uri)
            implements MessageComponent {

        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws Exception {
            try (InputStream in = message.bodyPart().body().open()) {
                ExchangeBuilder builder = ExchangeBuilder.anExchange(camel)
                        .withPattern(ExchangePattern.InOut)
                        .withBody(in);
                headers(message.context()).forEach(builder::withHeader);
                Exchange exchange = template.send(CamelUri.endpoint(camel, uri), builder.build());
                if (exchange.getException() != null) {
                    throw exchange.getException();
                }
                Object result = exchange.getMessage().getBody();
                if (result == null) {
                    return Optional.empty();
                }
                InputStream out = exchange.getMessage().getMandatoryBody(InputStream.class);
                Body body = scope.workspace().write(out::transferTo);
                return Optional.of(message.withBody(body).withContext(context(message.context(), exchange)));
            }
        }

        /**
         * The properties as headers, without headers that control Camel. For example, the URI of the endpoint, and not the message, must
         * decide which file is written.
         *
         * @throws IllegalArgumentException when two names differ only in case, because Camel treats them as equal and would lose a value
         */
        private static Map<String, Object> headers(Context context) {
            Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            Map<String, Object> headers = new TreeMap<>();
            context.asMap().forEach((name, value) -> {
                String other = names.putIfAbsent(name, name);
                if (other != null) {
                    throw new IllegalArgumentException("the message has the properties " + other + " and " + name
                            + ", but Camel treats names that differ only in case as equal; terminate this message and"
                            + " submit it again with only one of the two properties");
                }
                if (!name.regionMatches(true, 0, CAMEL, 0, CAMEL.length())) {
                    headers.put(name, value);
                }
            });
            return headers;
        }

        private static Context context(Context before, Exchange exchange) {
            Context after = before;
            for (Map.Entry<String, Object> header :
                    exchange.getMessage().getHeaders().entrySet()) {
                Object value = header.getValue();
                boolean typed = value instanceof String || value instanceof Long || value instanceof Boolean;
                if (typed
                        && !header.getKey().startsWith(CAMEL)
                        && header.getKey().matches("[\\p{L}\\p{Nd}._-]{1,256}")) {
                    after = after.with(header.getKey(), value);
                }
            }
            return after;
        }

        @Override
        public void close() {
            template.stop();
        }
    }
}
