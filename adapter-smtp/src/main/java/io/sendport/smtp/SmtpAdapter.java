package io.sendport.smtp;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.support.DefaultExchange;

/** Sends the deliveries of one port through a camel-mail endpoint that no route can see. */
final class SmtpAdapter implements SendAdapter {

    private final CamelContext camel;
    private final MailEndpoint endpoint;
    private final Producer producer;
    private final ConnectionPool pool;
    private final Runnable release;

    SmtpAdapter(
            CamelContext camel,
            MailComponent component,
            ConnectionPool pool,
            ReplyRules rules,
            Priority priority,
            Clock clock,
            Runnable release)
            throws Exception {
        this.camel = camel;
        this.pool = pool;
        this.release = release;
        Relay relay = pool.relay();
        String host = relay.host().contains(":") ? "[" + relay.host() + "]" : relay.host();
        String uri = "smtp://" + host + ":" + relay.port();
        MailConfiguration configuration = new MailConfiguration(camel);
        configuration.configure(new URI(uri));
        configuration.setJavaMailSender(new SmtpSender(pool, rules, priority, clock));
        endpoint = new MailEndpoint(uri, component, configuration);
        endpoint.setCamelContext(camel);
        endpoint.start();
        producer = endpoint.createProducer();
        producer.start();
    }

    @Override
    public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
        SealedMessage message = new SealedMessage(delivery, lease);
        // A fresh exchange: a header mail.smtp.* of anybody's would make camel-mail send past our sender.
        Exchange exchange = new DefaultExchange(camel);
        exchange.getIn().setBody(message);
        Exception failure = null;
        try {
            producer.process(exchange);
            failure = exchange.getException();
        } catch (RuntimeException e) {
            failure = e;
        }
        DeliveryResult result = message.result();
        if (result != null) {
            // What the server said stands, whatever failed afterwards.
            return result;
        }
        if (failure != null) {
            throw failure;
        }
        throw new IllegalStateException("camel-mail gave message " + delivery.message() + " back without a result");
    }

    @Override
    public Optional<Rest> rest() {
        return pool.quarantine().rest();
    }

    @Override
    public int concurrency() {
        return pool.relay().limits().maxConnections();
    }

    @Override
    public int maxRecipients() {
        return pool.relay().limits().maxRecipients();
    }

    @Override
    public void close() {
        producer.stop();
        endpoint.stop();
        release.run();
    }
}
