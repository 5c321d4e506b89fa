package io.sendport.console;

import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sendport.api.settings.Settings;
import io.sendport.console.http.RequestObserver;
import io.sendport.host.observe.Health;
import io.sendport.support.DaemonTimer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint {@code <observe>} of a process. It runs an {@link ObserveServer}, and replaces a server that no longer answers, for example
 * because an error has ended its threads.
 */
public final class ObserveEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ObserveEndpoint.class);
    private static final long CHECK_SECONDS = 30;

    private final Optional<Settings> settings;
    private final PrometheusMeterRegistry meters;
    private final Supplier<Health> health;
    private final ScheduledExecutorService timer = DaemonTimer.named("sendport-observatory");
    private final ScheduledFuture<?> check;
    private ObserveServer server;

    /**
     * Starts listening.
     *
     * @param settings the element {@code <observe>}; empty for the standard port of the loopback address
     * @throws java.net.BindException when the configured port is in use
     * @throws IOException when the server cannot listen
     */
    public ObserveEndpoint(Optional<Settings> settings, PrometheusMeterRegistry meters, Supplier<Health> health)
            throws IOException {
        this.settings = settings;
        this.meters = meters;
        this.health = health;
        this.server = open();
        this.check = timer.scheduleWithFixedDelay(this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /** A registry whose metrics refer to the span that was current when they were recorded. */
    public static PrometheusMeterRegistry registry() {
        return new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, new TraceExemplars());
    }

    private ObserveServer open() throws IOException {
        return new ObserveServer(
                text("address").orElse("127.0.0.1"),
                text("port").map(Integer::valueOf),
                new HashSet<>(List.of(text("hostNames").orElse("").strip().split("\\s+"))),
                meters,
                health);
    }

    private Optional<String> text(String attribute) {
        return settings.flatMap(each -> each.text(attribute));
    }

    /** Replaces the server if it does not answer. */
    void check() {
        try {
            // The request may take long, so this code holds no lock.
            if (!current().answers()) {
                replace();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error(
                    "Cannot restart the HTTP server for metrics and health; retrying in {} s. Sending continues."
                            + " If this repeats, check whether another program uses its port.",
                    CHECK_SECONDS,
                    e);
        }
    }

    /** The present server. */
    synchronized ObserveServer current() {
        return server;
    }

    private synchronized void replace() throws IOException {
        if (!timer.isShutdown()) {
            LOG.error(
                    "The HTTP server for metrics and health at {} does not answer; replacing the server."
                            + " Nothing has to be done unless this repeats. To log the cause then:"
                            + " sendport log level io.sendport.console.ObserveServer DEBUG",
                    server.address());
            server.close();
            server = open();
        }
    }

    /** Times the requests to the HTTP API and the console. */
    public RequestObserver requests() {
        return new HttpMeters(meters);
    }

    /** The {@code address:port} on which it listens. */
    public synchronized String address() {
        return server.address();
    }

    @Override
    public synchronized void close() {
        check.cancel(false);
        timer.shutdownNow();
        server.close();
    }
}
