package io.sendport.host.process;

import io.sendport.api.adapter.Rest;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.port.PortState;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.camel.CamelShell;
import io.sendport.host.decide.Terms;
import io.sendport.host.observe.Metrics;
import io.sendport.host.run.DeliveryHistory;
import io.sendport.host.run.Dispatcher;
import io.sendport.host.run.PipelineWatch;
import io.sendport.host.run.PortWork;
import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One host in this process: its ports, their routes and what they share. */
final class HostInstance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostInstance.class);
    /** How long work that another process put there may go unnoticed, where that process can't tell. */
    private static final Duration TICK = Duration.ofMillis(100);
    /** The same where it can: only what falls due later waits for the tick. */
    private static final Duration TOLD_TICK = Duration.ofSeconds(1);

    private volatile HostSettings host;
    private final String id;
    private final MessageBox box;
    private final InstanceLease lease;
    private final CamelShell camel;
    private final PortMaker maker;
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
     * Makes everything and starts the context; ports are started by {@link #follow}.
     *
     * @throws Exception when a component, adapter, route or feed can't be made
     */
    HostInstance(HostSettings host, InstanceLease lease, Revision revision, SharedParts shared) throws Exception {
        this.host = host;
        this.id = lease.instance();
        this.lease = lease;
        this.metrics = shared.metrics();
        Configuration configuration = revision.configuration();
        this.box = shared.box();
        this.health = new PortHealth(box.ports());
        this.camel = new CamelShell(
                host.name(),
                configuration.properties(),
                configuration.destinations(),
                shared.desk().forFeeds(),
                shared.clock());
        this.history = new DeliveryHistory(shared.clock());
        this.certificates = new CertificatesInUse(shared.clock());
        this.maker = new PortMaker(host.name(), lease, camel.context(), shared, history, certificates);
        this.feeds = new Feeds(host.name(), camel, shared::open);
        this.watch = shared.watch();
        this.dispatcher =
                new Dispatcher(box, id, lease::isCurrent, shared.isAlone() ? TICK : TOLD_TICK, watch, shared.budget());
        this.conditions =
                new InstanceConditions(host.name(), lease, shared, health, history, certificates, feeds, camel, maker);
        this.stops = new PortStops(dispatcher, camel, box.ports(), health);
        this.lostClaims = new LostClaims(box.claims(), id, dispatcher);
        try {
            camel.spoolInto(shared.spool().folder());
            camel.start();
            for (SendPort port : revision.portsOf(host.name())) {
                add(port, maker.make(port, host));
            }
            tellWrong(revision);
            feeds.load(host);
        } catch (Exception | LinkageError | StackOverflowError e) {
            close();
            throw e;
        }
    }

    private void add(SendPort port, PortWork work) throws Exception {
        box.ports().see(port.name(), port.initialState());
        camel.addPort(work, dispatcher);
        ports.put(port.name(), work);
        certificates.use(port.name());
        metrics.show(port);
    }

    /** Ports whose configuration is wrong stay stopped, and the health says why. */
    private void tellWrong(Revision revision) {
        health.retain(ports.keySet());
        for (SendPort port : revision.configuration().ports()) {
            String why = revision.wrongPorts().get(port.name());
            if (port.host().equals(host.name()) && why != null) {
                try {
                    box.ports().see(port.name(), port.initialState());
                } catch (StoreException e) {
                    LOG.warn("port {} could not be entered in the message box: {}", port.name(), e.getMessage());
                }
                health.misconfigured(port.name(), why);
                LOG.error("port {} stays stopped, its configuration is wrong: {}", port.name(), why);
            }
        }
    }

    /**
     * Makes anew those of {@code touched} that this host has in {@code next}. They are not in force yet.
     *
     * @throws Exception when one can't be made; none is left then
     */
    Successors prepare(Revision next, Set<String> touched) throws Exception {
        Optional<HostSettings> settings = next.configuration().host(host.name());
        Successors successors = new Successors();
        try {
            for (SendPort port : settings.isEmpty() ? List.<SendPort>of() : next.portsOf(host.name())) {
                if (touched.contains(port.name()) || !ports.containsKey(port.name())) {
                    successors.made.put(port, maker.make(port, settings.get()));
                }
            }
            return successors;
        } catch (Exception | LinkageError | StackOverflowError e) {
            successors.close();
            throw e;
        }
    }

    /** Ports made for a changed configuration that is not in force yet. */
    static final class Successors implements AutoCloseable {
        private final Map<SendPort, PortWork> made = new LinkedHashMap<>();

        /** Closes them: the configuration does not come into force. */
        @Override
        public void close() {
            made.values().forEach(PortWork::close);
        }
    }

    /**
     * Hands nothing more to the ports {@code touched}.
     *
     * @param deadline until when what they have in hand is waited for, by {@link System#nanoTime}
     */
    void stopClaiming(Set<String> touched, long deadline) {
        touched.forEach(port -> dispatcher.stopClaiming(port, deadline));
    }

    /**
     * Takes the ports {@code touched} away. What has not ended by {@code deadline} goes on to its end, over the adapter that it has.
     *
     * @param deadline by {@link System#nanoTime}
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
                LOG.info("port {} is taken away{}", name, ended ? "" : "; attempts that are under way go on");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.error("the route of port {} could not be taken away", name, e);
            }
        }
    }

    /**
     * Puts in force what {@link #prepare} made.
     *
     * @return what went wrong; {@link #addMissing} tries it again
     */
    synchronized List<String> succeed(Revision next, Successors successors, boolean feedsChanged) {
        List<String> wrong = new ArrayList<>();
        host = next.configuration().host(host.name()).orElse(host);
        successors.made.forEach((port, work) -> {
            try {
                add(port, work);
            } catch (Exception e) {
                work.close();
                wrong.add("port " + port.name() + " could not be started: " + e.getMessage());
            }
        });
        tellWrong(next);
        camel.know(next.configuration().properties(), next.configuration().destinations());
        if (feedsChanged) {
            try {
                feeds.replace(host);
            } catch (Exception e) {
                wrong.add("host " + host.name() + ": " + e.getMessage());
            }
        }
        return wrong;
    }

    /** Makes ports that could not be made when their turn was. */
    synchronized void addMissing(Revision revision) {
        for (SendPort port : revision.portsOf(host.name())) {
            if (!ports.containsKey(port.name())) {
                try {
                    add(port, maker.make(port, host));
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

    /** What operators should know of. */
    InstanceConditions conditions() {
        return conditions;
    }

    /** Starts and stops ports as their states say, and tries what is forced. Waits for nothing that is in hand. */
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
                        && own.rest().filter(Rest::isForPerson).isPresent()
                        && box.ports()
                                .of(port)
                                .filter(PortState.STARTED::equals)
                                .isPresent()) {
                    // Stopped by a rule and started by a person before this looked.
                    own.resume();
                }
                health.recover(port);
                health.pause(port, own == null ? Optional.empty() : own.pause().or(own::blocked));
            } catch (StoreException e) {
                throw e;
            } catch (Exception e) {
                health.fail(port, String.valueOf(e.getMessage()));
                LOG.error("port {} could not be started", port, e);
            }
        }
        giveUpOverdue();
    }

    /** Suspends messages whose component takes longer than its time-out, and has other threads do their work. */
    private void giveUpOverdue() {
        for (PipelineWatch.Visit visit : watch.overdue(id)) {
            PortWork work = ports.get(visit.row().port());
            String where = visit.toString();
            if (work != null && visit.giveUp()) {
                work.overdue(visit.row(), where);
                dispatcher.giveUp(visit.row().seq());
            }
        }
    }

    /**
     * Takes over what is leased by this instance and lost to it.
     *
     * @param terms what a message may still expect at its port
     */
    void takeBack(Function<MessageRow, Terms> terms) {
        lostClaims.takeBack(terms);
    }

    /** Messages may have been in the pipeline of an instance that died. */
    void lookForSuspects() {
        dispatcher.lookForSuspects();
    }

    /** There may be new work. */
    void wake() {
        dispatcher.wake();
    }

    /** There may be new work at that port. */
    void wake(String port) {
        dispatcher.wake(port);
    }

    /** Somebody says that what made ports rest is mended: it counts no more. */
    void resumePorts() {
        ports.values().forEach(PortWork::resume);
        dispatcher.wake();
    }

    /** Extends the lease. */
    void renew() {
        lease.renew();
    }

    /** Whether others took this instance for dead, which it is to all intents from then on. */
    boolean isTakenForDead() {
        return lease.isLost();
    }

    /** Whether its host's feeds run here. */
    boolean feeds() {
        return feeds.areRunning();
    }

    /** The feeds of a host run on the longest living of its instances alone. */
    synchronized void feed(boolean leads) {
        feeds.run(leads && lease.isCurrent());
    }

    /**
     * Claims nothing more, at any port.
     *
     * @param deadline until when what is in hand is waited for, by {@link System#nanoTime}
     */
    void stopClaiming(long deadline) {
        dispatcher.stopClaiming();
        stopClaiming(ports.keySet(), deadline);
    }

    /** Takes nothing in any more. */
    void stopFeeds() {
        feeds.stop();
    }

    /** Waits for what is under way. */
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
        if (!late.isEmpty()) {
            LOG.warn("attempts of ports {} did not end in time; they are in doubt at the next start", late);
        }
    }

    @Override
    public void close() {
        lease.end();
        feeds.closeSubmission();
        stops.close();
        dispatcher.close();
        ports.values().forEach(PortWork::close);
        camel.close();
        maker.close();
    }
}
