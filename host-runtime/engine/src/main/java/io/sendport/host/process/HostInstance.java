package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.port.PortState;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.decide.Terms;
import io.sendport.host.observe.Metrics;
import io.sendport.host.run.DeliveryHistory;
import io.sendport.host.run.Dispatcher;
import io.sendport.host.run.PipelineWatch;
import io.sendport.host.run.PortWork;
import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One host in this process: its ports, their routes and the parts that they share. Safe for use by several threads. */
final class HostInstance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostInstance.class);
    /** How often the dispatcher polls if other processes cannot signal new work. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    /** How often the dispatcher polls if other processes signal new work. Only messages that become due later wait for the poll. */
    private static final Duration SHARED_POLL_INTERVAL = Duration.ofSeconds(1);

    private volatile HostSettings host;
    private final String id;
    private final MessageBox box;
    private final InstanceLease lease;
    private final HostCamelContext camel;
    private final PortFactory portFactory;
    private final Feeds feeds;
    private final Metrics metrics;
    private final DeliveryHistory history;
    private final CertificatesInUse certificates;
    private final InstanceConditions conditions;
    private final Dispatcher dispatcher;
    private final PipelineWatch watch;
    private final PortStops stops;
    private final LostClaims lostClaims;
    private final Map<String, PortWork> ports = new ConcurrentSkipListMap<>();
    private final PortHealth health;

    /**
     * Creates all parts and starts the Camel context. {@link #follow} starts the ports.
     *
     * @throws Exception when a component, adapter, route or feed cannot be created
     */
    HostInstance(HostSettings host, InstanceLease lease, Revision revision, SharedParts shared) throws Exception {
        this.host = host;
        this.id = lease.instance();
        this.lease = lease;
        this.metrics = shared.metrics();
        Configuration configuration = revision.configuration();
        this.box = shared.box();
        this.health = new PortHealth(box.ports());
        this.camel = new HostCamelContext(
                host.name(),
                configuration.properties(),
                configuration.destinations(),
                shared.submissionService().forFeeds(),
                shared.clock());
        this.history = new DeliveryHistory(shared.clock());
        this.certificates = new CertificatesInUse(shared.clock());
        this.portFactory = new PortFactory(host.name(), lease, camel.context(), shared, history, certificates);
        this.feeds = new Feeds(host.name(), camel, shared::open);
        this.watch = shared.watch();
        this.dispatcher = new Dispatcher(
                box,
                id,
                lease::isCurrent,
                shared.isAlone() ? POLL_INTERVAL : SHARED_POLL_INTERVAL,
                watch,
                shared.budget());
        this.conditions = new InstanceConditions(
                host.name(), lease, shared, health, history, certificates, feeds, camel, portFactory);
        this.stops = new PortStops(dispatcher, camel, box.ports(), health);
        this.lostClaims = new LostClaims(box.claims(), id, dispatcher);
        try {
            camel.spoolInto(shared.spool().folder());
            camel.start();
            for (SendPort port : revision.portsOf(host.name())) {
                add(port, portFactory.create(port, host));
            }
            reportMisconfigured(revision);
            feeds.load(host);
        } catch (Exception | LinkageError | StackOverflowError e) {
            close();
            throw e;
        }
    }

    private void add(SendPort port, PortWork work) throws Exception {
        box.ports().initialize(port.name(), port.initialState());
        camel.addPort(work, dispatcher);
        ports.put(port.name(), work);
        certificates.activate(port.name());
        metrics.show(port);
    }

    /** Reports the ports that stay stopped because their configuration is wrong. */
    private void reportMisconfigured(Revision revision) {
        health.retain(ports.keySet());
        for (SendPort port : revision.configuration().ports()) {
            String why = revision.wrongPorts().get(port.name());
            if (port.host().equals(host.name()) && why != null) {
                try {
                    box.ports().initialize(port.name(), port.initialState());
                } catch (StoreException e) {
                    LOG.warn("cannot register port {} in the message box: {}", port.name(), e.getMessage());
                }
                health.misconfigured(port.name(), why);
                LOG.error(
                        "port {} stays stopped until its configuration is corrected, but takes messages: {}",
                        port.name(),
                        why);
            }
        }
    }

    /**
     * Creates new versions of the {@code touched} ports, and ports that are new, as {@code next} configures this host. They are not
     * active yet.
     *
     * @throws Exception when one of them cannot be created; all others are closed then
     */
    PreparedPorts prepare(Revision next, Set<String> touched) throws Exception {
        Optional<HostSettings> settings = next.configuration().host(host.name());
        PreparedPorts successors = new PreparedPorts();
        try {
            for (SendPort port : settings.isEmpty() ? List.<SendPort>of() : next.portsOf(host.name())) {
                if (touched.contains(port.name()) || !ports.containsKey(port.name())) {
                    successors.add(port, portFactory.create(port, settings.get()));
                }
            }
            return successors;
        } catch (Exception | LinkageError | StackOverflowError e) {
            successors.close();
            throw e;
        }
    }

    /**
     * Stops claiming messages for the {@code touched} ports.
     *
     * @param deadline when to stop waiting for messages in progress, by {@link System#nanoTime}
     */
    void stopClaiming(Set<String> touched, long deadline) {
        touched.forEach(port -> dispatcher.stopClaiming(port, deadline));
    }

    /**
     * Removes the {@code touched} ports. Attempts that have not ended by {@code deadline} continue with their old adapter.
     *
     * @param deadline when to stop waiting for attempts in progress, by {@link System#nanoTime}
     */
    synchronized void retire(Set<String> touched, long deadline) {
        for (String name : touched) {
            PortWork old = ports.remove(name);
            if (old == null) {
                continue;
            }
            health.forget(name);
            history.forget(name);
            certificates.forget(name);
            try {
                boolean ended = dispatcher.retire(name, deadline, old::close);
                camel.removePort(name);
                LOG.info("port {} was removed or replaced{}", name, ended ? "" : "; attempts in progress continue");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.error("cannot remove the route of port {}", name, e);
            }
        }
    }

    /**
     * Activates what {@link #prepare} created.
     *
     * @return the failures, one for each port or host; {@link #addMissing} retries failed ports
     */
    synchronized List<String> activate(Revision next, PreparedPorts successors, boolean feedsChanged) {
        List<String> wrong = new ArrayList<>();
        host = next.configuration().host(host.name()).orElse(host);
        successors.forEach((port, work) -> {
            try {
                add(port, work);
            } catch (Exception e) {
                work.close();
                wrong.add("port " + port.name() + " could not be started: " + e.getMessage());
            }
        });
        reportMisconfigured(next);
        camel.update(next.configuration().properties(), next.configuration().destinations());
        if (feedsChanged) {
            try {
                feeds.replace(host);
            } catch (Exception e) {
                wrong.add("host " + host.name() + ": " + e.getMessage());
            }
        }
        return wrong;
    }

    /** Creates the ports that could not be created before. */
    synchronized void addMissing(Revision revision) {
        for (SendPort port : revision.portsOf(host.name())) {
            if (!ports.containsKey(port.name())) {
                try {
                    add(port, portFactory.create(port, host));
                    health.recover(port.name());
                } catch (StoreException e) {
                    health.fail(port.name(), "could not be started: " + e.getMessage());
                } catch (Exception | LinkageError | StackOverflowError e) {
                    health.misconfigured(port.name(), "could not be started: " + e.getMessage());
                }
            }
        }
    }

    String id() {
        return id;
    }

    String name() {
        return host.name();
    }

    Set<String> ports() {
        return ports.keySet();
    }

    /** The conditions of this instance for operators. */
    InstanceConditions conditions() {
        return conditions;
    }

    /** Starts and stops ports according to their states, and tries forced messages. Does not wait for messages in progress. */
    synchronized void follow(Map<String, PortState> states, Set<String> forced) {
        stops.stop(ports.keySet().stream()
                .filter(port -> states.getOrDefault(port, PortState.STOPPED) != PortState.STARTED)
                .filter(port -> camel.isStarted(port) && !stops.isStopping(port))
                .toList());
        for (String port : ports.keySet()) {
            PortWork own = ports.get(port);
            if (own != null && forced.contains(port) && !stops.isStopping(port)) {
                dispatcher.force(port, own.schedule().ordered() ? 1 : own.concurrency(), own::tryOnce);
            }
            boolean wanted = states.getOrDefault(port, PortState.STOPPED) == PortState.STARTED;
            try {
                if (wanted && !stops.isStopping(port) && !camel.isStarted(port)) {
                    camel.startPort(port);
                    health.started(port);
                    LOG.info("port {} started", port);
                }
                if (wanted
                        && own != null
                        && own.isStopped()
                        && box.ports()
                                .of(port)
                                .filter(PortState.STARTED::equals)
                                .isPresent()) {
                    // The port was stopped by a rule and started by an operator before this check.
                    own.resume();
                }
                health.recover(port);
                health.pause(port, own == null ? Optional.empty() : own.pause().or(own::blocked));
            } catch (StoreException e) {
                throw e;
            } catch (Exception e) {
                health.fail(port, String.valueOf(e.getMessage()));
                LOG.error("cannot start port {}; will retry", port, e);
            }
        }
        giveUpOverdue();
    }

    /** Suspends messages whose component exceeds its timeout. Other threads do the work of the threads that hang. */
    private void giveUpOverdue() {
        for (PipelineWatch.PipelinePass pass : watch.overdue(id)) {
            PortWork work = ports.get(pass.row().port());
            String where = pass.toString();
            if (work != null && pass.giveUp()) {
                work.suspendOverdue(pass.row(), where);
                dispatcher.giveUp(pass.row().seq());
            }
        }
    }

    /**
     * Recovers messages that this instance has claimed but does not process.
     *
     * @param terms gives the retry and backup terms of a message
     */
    void recoverLostClaims(Function<MessageRow, Terms> terms) {
        lostClaims.recover(terms);
    }

    /** Signals that messages may have been in the pipeline of an instance that died. They run alone from now on. */
    void lookForSuspects() {
        dispatcher.lookForSuspects();
    }

    /** Signals new work at any port. */
    void wake() {
        dispatcher.wake();
    }

    /** Signals new work at {@code port}. */
    void wake(String port) {
        dispatcher.wake(port);
    }

    /** Ends the rest of all ports, because an operator has corrected its cause. */
    void resumePorts() {
        ports.values().forEach(PortWork::resume);
        dispatcher.wake();
    }

    /** Renews the lease. */
    void renew() {
        lease.renew();
    }

    /** Throws {@link IllegalStateException} while messages cannot be claimed, unless the store is the reason. */
    void requireClaiming() {
        dispatcher.requireClaiming();
    }

    /** Whether other instances declared this instance dead. It must then close, because its lease never holds again. */
    boolean isDeclaredDead() {
        return lease.isLost();
    }

    /** Stops the feeds if the lease has lapsed. Never starts them. */
    synchronized void stopLapsedFeeds() {
        if (!lease.isCurrent()) {
            feeds.run(false);
        }
    }

    /** Starts or stops the feeds. They run only on the leader, which is the longest running instance of the host. */
    synchronized void runFeeds(boolean isLeader) {
        feeds.run(isLeader && lease.isCurrent());
    }

    /**
     * Stops claiming for all ports.
     *
     * @param deadline when to stop waiting for messages in progress, by {@link System#nanoTime}
     */
    void stopClaiming(long deadline) {
        dispatcher.stopClaiming();
        stopClaiming(ports.keySet(), deadline);
    }

    void stopFeeds() {
        feeds.stop();
    }

    /** Waits for messages in progress until {@code deadline} by {@link System#nanoTime}, and logs the ports that still have some. */
    void awaitEnd(long deadline) {
        List<String> late = new ArrayList<>();
        for (String port : ports.keySet()) {
            try {
                if (!dispatcher.awaitIdle(port, deadline)) {
                    late.add(port);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                late.add(port);
            }
        }
        PortStops.warnOfLate(late);
    }

    @Override
    public void close() {
        lease.end();
        feeds.closeSubmission();
        stops.close();
        dispatcher.close();
        ports.values().forEach(PortWork::close);
        camel.close();
        portFactory.close();
    }
}
