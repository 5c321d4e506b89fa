package io.sendport.host.camel;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Route;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Observes the ends of feed exchanges. Records which routes fail or wait, and since when. Acknowledges an exchange to its source once it
 * has completed. Safe for use by several threads.
 */
final class FeedWatch extends EventNotifierSupport {

    private final Clock clock;
    private final Map<String, FeedFault> failing = new ConcurrentHashMap<>();
    private final Map<String, FeedFault> polls = new ConcurrentHashMap<>();
    private final Map<String, FeedFault> waiting = new ConcurrentHashMap<>();
    private final Map<String, BrokerConnection> connections = new ConcurrentHashMap<>();

    FeedWatch(Clock clock) {
        this.clock = clock;
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeSendingEvents(true);
        setIgnoreExchangeSentEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelEvent.ExchangeEvent about) {
            Exchange exchange = about.getExchange();
            String route = exchange.getFromRouteId();
            if (route == null || exchange.getProperty(ExchangePropertyKey.CORRELATION_ID) != null) {
                // Ignore exchanges of other routes, and parts of an exchange: the whole exchange is observed.
                return;
            }
            if (event instanceof CamelEvent.ExchangeFailedEvent
                    || event instanceof CamelEvent.ExchangeFailureHandledEvent) {
                Throwable failure = exchange.getException() == null
                        ? exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)
                        : exchange.getException();
                recordFailure(failing, route, failure);
            } else if (event instanceof CamelEvent.ExchangeCompletedEvent) {
                completed(exchange, route);
            }
        }
    }

    private void completed(Exchange exchange, String route) {
        FeedSource.acknowledge(exchange);
        if (!exchange.getExchangeExtension().isFailureHandled()
                && exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) == null) {
            failing.remove(route);
        }
    }

    private void recordFailure(Map<String, FeedFault> where, String route, @Nullable Throwable failure) {
        String text = failure == null ? "no reason was given" : HostCamelContext.rootMessage(failure);
        where.merge(route, new FeedFault(route, clock.instant(), 1, text), FeedFault::and);
    }

    /** Records that a route holds a message that could not be submitted yet. */
    void markWaiting(String route, Exception why) {
        recordFailure(waiting, route, why);
    }

    /** Records that the route no longer holds a message. */
    void markResumed(String route) {
        waiting.remove(route);
    }

    /** Observes the connection of the route to its broker, and its failures to poll its source. */
    void watch(Route route) {
        BrokerConnection.of(route.getConsumer(), clock)
                .ifPresent(connection -> connections.put(route.getRouteId(), connection));
        if (route.getConsumer() instanceof ScheduledPollConsumer consumer
                && !(consumer.getPollStrategy() instanceof WatchedPolling)) {
            PollingConsumerPollStrategy own = consumer.getPollStrategy();
            // A consumer that has not started may have no strategy yet.
            consumer.setPollStrategy(new WatchedPolling(
                    route.getRouteId(), own == null ? new DefaultPollingConsumerPollStrategy() : own));
        }
    }

    /** Forwards to the strategy of the endpoint, and records the result of each poll. */
    private final class WatchedPolling implements PollingConsumerPollStrategy {
        private final String route;
        private final PollingConsumerPollStrategy own;

        WatchedPolling(String route, PollingConsumerPollStrategy own) {
            this.route = route;
            this.own = own;
        }

        @Override
        public boolean begin(Consumer consumer, Endpoint endpoint) {
            return own.begin(consumer, endpoint);
        }

        @Override
        public void commit(Consumer consumer, Endpoint endpoint, int polled) {
            polls.remove(route);
            own.commit(consumer, endpoint, polled);
        }

        @Override
        public boolean rollback(Consumer consumer, Endpoint endpoint, int retries, Exception cause) throws Exception {
            recordFailure(polls, route, cause);
            return own.rollback(consumer, endpoint, retries, cause);
        }
    }

    /** The routes that fail now, at most one fault for each route. */
    List<FeedFault> faults() {
        Map<String, FeedFault> faults = new TreeMap<>(waiting);
        connections.forEach((route, connection) -> connection
                .lostSince()
                .ifPresent(since -> faults.putIfAbsent(
                        route, new FeedFault(route, since, 1, "the connection to the broker is lost"))));
        polls.forEach(faults::putIfAbsent);
        failing.forEach(faults::putIfAbsent);
        return List.copyOf(faults.values());
    }

    /** Forgets all routes, because they are removed. */
    void clear() {
        failing.clear();
        polls.clear();
        waiting.clear();
        connections.clear();
    }
}
