package io.sendport.console;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.api.settings.Settings;
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
 * The endpoint {@code <observe>} of a process: {@link ObserveServer}, and another in its place where its threads died of an error and it answers nobody.
 */
public final class Observatory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Observatory.class);
    private static final long LOOK_SECONDS = 30;

    private final Optional<Settings> settings;
    private final PrometheusMeterRegistry meters;
    private final Supplier<Health> health;
    private final ScheduledExecutorService looks = DaemonTimer.named("sendport-observatory");
    private final ScheduledFuture<?> look;
    private ObserveServer server;

    /**
     * Starts to listen.
     *
     * @param settings the element {@code <observe>}; empty for the standard port of the loopback address
     * @throws java.net.BindException when the port that it names is taken
     * @throws IOException when nothing can be listened on
     */
    public Observatory(Optional<Settings> settings, PrometheusMeterRegistry meters, Supplier<Health> health)
            throws IOException {
        this.settings = settings;
        this.meters = meters;
        this.health = health;
        this.server = open();
        this.look = looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
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

    private void look() {
        try {
            // Asking may take long, and nobody is to wait for it.
            if (!current().answers()) {
                replace();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("The HTTP server could not be started again; retrying in {} s.", LOOK_SECONDS, e);
        }
    }

    private synchronized ObserveServer current() {
        return server;
    }

    private synchronized void replace() throws IOException {
        if (!looks.isShutdown()) {
            LOG.error("The HTTP server at {} does not answer; starting another.", server.address());
            server.close();
            server = open();
        }
    }

    /** {@code address:port} where it listens. */
    public synchronized String address() {
        return server.address();
    }

    @Override
    public synchronized void close() {
        look.cancel(false);
        looks.shutdownNow();
        server.close();
    }
}
