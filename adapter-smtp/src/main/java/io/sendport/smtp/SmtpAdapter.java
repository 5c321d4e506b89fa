package io.sendport.smtp;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.Progress;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.host.Meters;
import io.sendport.smtp.pool.ConnectionPool;
import io.sendport.smtp.pool.RelayConnectionLimit;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.SmtpException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.support.DefaultExchange;

/** Sends the deliveries of one port through a camel-mail endpoint that is invisible to routes. */
final class SmtpAdapter implements SendAdapter {

    private final CamelContext camel;
    private final MailEndpoint endpoint;
    private final Producer producer;
    private final ConnectionPool pool;
    private final RelayConnectionLimit.Line line;
    private final SmtpSender sender;
    private final Runnable release;

    SmtpAdapter(
            CamelContext camel,
            MailComponent component,
            ConnectionPool pool,
            ReplyRules rules,
            Priority priority,
            Clock clock,
            Meters meters,
            Runnable release)
            throws Exception {
        this.camel = camel;
        this.pool = pool;
        this.line = pool.line(priority);
        this.sender = new SmtpSender(pool, rules, clock, meters);
        this.release = release;
        Relay relay = pool.relay();
        String host = relay.host().contains(":") ? "[" + relay.host() + "]" : relay.host();
        String uri = "smtp://" + host + ":" + relay.port();
        MailConfiguration configuration = new MailConfiguration(camel);
        configuration.configure(new URI(uri));
        configuration.setJavaMailSender(sender);
        endpoint = new MailEndpoint(uri, component, configuration);
        endpoint.setCamelContext(camel);
        endpoint.start();
        producer = endpoint.createProducer();
        producer.start();
    }

    @Override
    public Connecting connect() throws InterruptedException {
        return connect(Progress.NONE);
    }

    @Override
    public Connecting connect(Progress progress) throws InterruptedException {
        Optional<String> busy = pool.await(line);
        if (busy.isPresent()) {
            return new Connecting.Busy(busy.get());
        }
        long began = System.nanoTime();
        try {
            ConnectionPool.Borrowed borrowed = pool.lend(progress);
            return new Connecting.Connected(new Open(borrowed, Duration.ofNanos(System.nanoTime() - began)));
        } catch (SmtpException e) {
            return e.phase() == Phase.BORROW
                    ? new Connecting.Busy(e.reply().text())
                    : new Connecting.Connected(new Failed(e, Duration.ofNanos(System.nanoTime() - began)));
        }
    }

    /** A connection of the pool. */
    private final class Open implements SendConnection {
        private final ConnectionPool.Borrowed borrowed;
        private Duration opening;
        private boolean lent = true;

        Open(ConnectionPool.Borrowed borrowed, Duration opening) {
            this.borrowed = borrowed;
            this.opening = opening;
        }

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
            DeliveryResult result = SmtpAdapter.this.send(new SealedMessage(delivery, lease, borrowed));
            Duration elapsed = result.elapsed().plus(opening);
            opening = Duration.ZERO;
            return result.took(elapsed);
        }

        @Override
        public void close() {
            if (lent) {
                lent = false;
                borrowed.close();
            }
        }
    }

    /** A connection that could not be opened. The message does not try again in this attempt. */
    private final class Failed implements SendConnection {
        private final SmtpException failure;
        private final Duration opening;

        Failed(SmtpException failure, Duration opening) {
            this.failure = failure;
            this.opening = opening;
        }

        @Override
        public Optional<String> fault() {
            return Optional.of(failure.phase() + " " + failure.reply());
        }

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) {
            return sender.failed(delivery, failure, opening);
        }

        @Override
        public void close() {
            // Nothing was borrowed.
        }
    }

    private DeliveryResult send(SealedMessage message) throws Exception {
        // A new exchange: a foreign header mail.smtp.* would make camel-mail bypass Sendport's sender.
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
            // The server's answer counts, whatever failed afterwards.
            return result;
        }
        if (failure != null) {
            throw failure;
        }
        throw new IllegalStateException(
                "camel-mail returned message " + message.delivery().message() + " without a result");
    }

    @Override
    public Optional<Rest> rest() {
        return pool.logOnBackoff().rest();
    }

    @Override
    public void resume() {
        pool.logOnBackoff().end();
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
