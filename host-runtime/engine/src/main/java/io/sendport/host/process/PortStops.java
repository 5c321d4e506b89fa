package io.sendport.host.process;

import io.sendport.host.box.control.PortStates;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.run.Dispatcher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops ports of an instance. Each port stops on its own thread, so that a port that hangs does not delay the others. Safe for use by
 * several threads.
 */
final class PortStops implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PortStops.class);
    /** How long a stopping port waits for its attempts in progress. */
    static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

    private final Dispatcher dispatcher;
    private final HostCamelContext camel;
    private final PortStates states;
    private final PortHealth health;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "sendport-stopper"));
    private final Set<String> stopping = ConcurrentHashMap.newKeySet();

    PortStops(Dispatcher dispatcher, HostCamelContext camel, PortStates states, PortHealth health) {
        this.dispatcher = dispatcher;
        this.camel = camel;
        this.states = states;
        this.health = health;
    }

    boolean isStopping(String port) {
        return stopping.contains(port);
    }

    /** Stops claiming for {@code ports} and starts to stop them, with one deadline for all. Does not wait until they have stopped. */
    void stop(List<String> ports) {
        long deadline = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
        ports.forEach(port -> dispatcher.stopClaiming(port, deadline));
        for (String port : ports) {
            stopping.add(port);
            threads.execute(() -> stop(port, deadline));
        }
    }

    private void stop(String port, long deadline) {
        try {
            boolean ended = dispatcher.awaitIdle(port, deadline);
            camel.stopPort(port, Duration.ofSeconds(1));
            health.forget(port);
            states.pause(port, Optional.empty());
            LOG.info("port {} stopped{}", port, ended ? "" : "; attempts in progress continue");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            health.fail(port, String.valueOf(e.getMessage()));
            LOG.error("cannot stop port {}", port, e);
        } finally {
            stopping.remove(port);
        }
    }

    /** Logs the ports whose attempts had not ended when the process stopped waiting. Logs nothing if {@code ports} is empty. */
    static void warnOfLate(List<String> ports) {
        if (!ports.isEmpty()) {
            LOG.warn(
                    "Attempts of ports {} did not end in time, so it is unknown whether their mails were sent. Nothing needs to be done"
                            + " now: at the next start, the setting inDoubt of each port decides whether they are sent again or held",
                    ports);
        }
    }

    /** Interrupts ports that are still stopping. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
