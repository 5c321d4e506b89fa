package io.sendport.host.camel;

import io.sendport.api.adapter.AdapterFactory;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.host.HostServices;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.host.handover.WatchedBody;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.builder.ExchangeBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Creates adapters for the transport {@code <camel uri>}. The endpoint gets the finished mail as the body, and the envelope in the headers
 * {@code SendportSender} and {@code SendportRecipients}. The mail is accepted if the endpoint throws no exception.
 */
public final class CamelAdapterFactory implements AdapterFactory {

    @Override
    public String element() {
        return "camel";
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        return CamelUri.check(settings, "jms:queue:mail");
    }

    @Override
    public SendAdapter create(Settings settings, HostServices host) {
        String uri = CamelUri.require(settings);
        CamelContext camel = host.require(CamelContext.class);
        ProducerTemplate template = camel.createProducerTemplate();
        template.start();
        return new EndpointAdapter(camel, template, uri);
    }

    @Override
    public void close() {
        // Adapters share nothing.
    }

    private record EndpointAdapter(CamelContext camel, ProducerTemplate template, String uri) implements SendAdapter {

        @Override
        public Connecting connect() {
            return new Connecting.Connected(new Handover(camel, template, uri));
        }

        @Override
        public int concurrency() {
            return 4;
        }

        @Override
        public void close() {
            template.stop();
        }
    }

    private record Handover(CamelContext camel, ProducerTemplate template, String uri) implements SendConnection {

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
            long began = System.nanoTime();
            String scheme = uri.substring(0, uri.indexOf(':'));
            return attempt(delivery, lease, scheme).from(scheme).took(Duration.ofNanos(System.nanoTime() - began));
        }

        private DeliveryResult attempt(Delivery delivery, Lease lease, String scheme) throws IOException {
            if (!lease.isHeld()) {
                return DeliveryResult.deferred(delivery, "the lease on the message lapsed before it was handed over");
            }
            WatchedBody mail = new WatchedBody(delivery.mail());
            @Nullable Exception failure;
            try {
                failure = handOver(delivery.with(mail), CamelUri.endpoint(camel, uri));
            } catch (ResolveEndpointFailedException e) {
                failure = e;
            }
            if (failure == null) {
                return DeliveryResult.accepted(delivery, "taken by " + scheme);
            }
            // An endpoint that did not read the mail cannot have handed it over.
            return !mail.wasRead() || neverHandedOver(failure)
                    ? DeliveryResult.deferred(delivery, scheme + ": " + failure).with(Contact.NONE)
                    : DeliveryResult.inDoubt(delivery, scheme + ": " + failure);
        }

        private @Nullable Exception handOver(Delivery delivery, Endpoint endpoint) throws IOException {
            try (InputStream in = delivery.mail().open()) {
                Exchange exchange = ExchangeBuilder.anExchange(camel)
                        .withPattern(ExchangePattern.InOnly)
                        .withBody(in)
                        .withHeader("SendportMessageId", delivery.message().value())
                        .withHeader(
                                "SendportSender",
                                delivery.sender().map(MailAddress::toString).orElse(""))
                        .withHeader(
                                "SendportRecipients",
                                delivery.recipients().stream()
                                        .map(MailAddress::toString)
                                        .collect(Collectors.joining(",")))
                        .withHeader(Exchange.FILE_NAME, delivery.message() + "-" + delivery.number() + ".eml")
                        .build();
                return template.send(endpoint, exchange).getException();
            }
        }

        /** Whether a retry is safe, because the mail cannot have been handed over. */
        private static boolean neverHandedOver(Throwable failure) {
            return Failures.find(failure, ConnectException.class).isPresent()
                    || Failures.find(failure, ResolveEndpointFailedException.class)
                            .isPresent();
        }

        @Override
        public void close() {
            // The adapter owns the endpoint.
        }
    }
}
