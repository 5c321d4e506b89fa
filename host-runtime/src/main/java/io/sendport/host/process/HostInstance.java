package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.PortState;
import io.sendport.config.SendPort;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelShell;
import io.sendport.host.observe.Metrics;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.PluginFolder;
import io.sendport.host.pipeline.Services;
import io.sendport.host.relay.EmbeddedRelay;
import io.sendport.host.run.Dispatcher;
import io.sendport.host.run.Pause;
import io.sendport.host.run.PortWork;
import io.sendport.host.run.SubmissionDesk;
import io.sendport.host.run.Throttles;
import io.sendport.host.run.Workplace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One host in this process: its ports, their routes and what they share. */
final class HostInstance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostInstance.class);
    /** How long work that another process put there may go unnoticed, where that process can't tell. */
    private static final Duration TICK = Duration.ofMillis(100);
    /** The same where it can: only what falls due later waits for the tick. */
    private static final Duration TOLD_TICK = Duration.ofSeconds(1);

    /** How long a port that stops waits for its attempts under way. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private volatile HostSettings host;
    private final String id;
    private final MessageBox box;
    private final InstanceLease lease;
    private final Catalog catalog;
    private final CamelShell camel;
    private final Services services;
    private final Shared shared;
    private final Dispatcher dispatcher;
    private final Map<String, PortWork> ports = new ConcurrentSkipListMap<>();
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final Map<String, String> faulty = new ConcurrentHashMap<>();
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private @Nullable EmbeddedRelay relay;
    private boolean feeding;
    private volatile String feedFault = "";

    /** What all instances of the process share. */
    record Shared(
            MessageBox box,
            Clock clock,
            Path plugins,
            Path spool,
            boolean isAlone,
            SubmissionDesk desk,
            Throttles throttles,
            MeterRegistry registry,
            Metrics metrics) {}

    /**
     * Makes everything and starts the context; ports are started by {@link #follow}.
     *
     * @throws Exception when a component, adapter, route or feed can't be made
     */
    HostInstance(HostSettings host, InstanceLease lease, Revision revision, Shared shared) throws Exception {
        this.host = host;
        this.id = lease.instance();
        this.lease = lease;
        this.shared = shared;
        Configuration configuration = revision.configuration();
        this.box = shared.box();
        this.catalog = new Catalog(new PluginFolder(shared.plugins()));
        this.camel =
                new CamelShell(host.name(), configuration.properties(), configuration.destinations(), shared.desk());
        this.services = Services.bare(host.name(), shared.clock(), host.identity())
                .with(CamelContext.class, camel.context())
                .with(MeterRegistry.class, shared.registry());
        this.dispatcher = new Dispatcher(box.claims(), id, lease::isCurrent, shared.isAlone() ? TICK : TOLD_TICK);
        try {
            camel.start();
            for (SendPort port : revision.portsOf(host.name())) {
                add(port, made(port, host));
            }
            tellWrong(revision);
            camel.addFeeds(host.routes());
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private PortWork made(SendPort port, HostSettings settings) throws Exception {
        Services own = services.withIdentity(settings.identity())
                .with(Priority.class, new Priority(port.schedule().priority()));
        SendAdapter adapter = adapter(transport(port.transport()), own);
        Optional<SendAdapter> backup = Optional.empty();
        if (port.backup().isPresent()) {
            backup = Optional.of(adapter(port.backup().get().transport(), own));
        }
        int most = Math.min(
                adapter.maxRecipients(), backup.map(SendAdapter::maxRecipients).orElse(Integer.MAX_VALUE));
        PipelineRun pipeline = new PipelineRun(port, catalog, own, settings.redirectTo(), most);
        return new PortWork(
                port,
                pipeline,
                adapter,
                backup,
                new Workplace(
                        box,
                        shared.throttles(),
                        shared.desk()::publishFailed,
                        id,
                        lease,
                        shared.spool(),
                        shared.clock(),
                        shared.metrics()));
    }

    private void add(SendPort port, PortWork work) throws Exception {
        box.ports().see(port.name(), port.initialState());
        camel.addPort(work, dispatcher);
        ports.put(port.name(), work);
        shared.metrics().show(port);
    }

    /** Ports whose configuration is wrong stay stopped, and the health says why. */
    private void tellWrong(Revision revision) {
        faults.keySet().removeIf(port -> !ports.containsKey(port));
        for (SendPort port : revision.configuration().ports()) {
            String why = revision.wrongPorts().get(port.name());
            if (port.host().equals(host.name()) && why != null) {
                faults.put(port.name(), why);
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
                    successors.made.put(port, made(port, settings.get()));
                }
            }
            return successors;
        } catch (Exception e) {
            successors.close();
            throw e;
        }
    }

    /** Ports made anew, which are not in force yet. */
    static final class Successors implements AutoCloseable {
        private final Map<SendPort, PortWork> made = new LinkedHashMap<>();

        /** They are not wanted after all. */
        @Override
        public void close() {
            made.values().forEach(PortWork::close);
        }
    }

    /** Hands nothing more to the ports {@code touched}. */
    void stopClaiming(Set<String> touched) {
        touched.forEach(dispatcher::stopClaiming);
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
            forget(name);
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
            boolean ran = feeding;
            try {
                camel.removeFeeds();
                feeding = false;
                camel.addFeeds(host.routes());
                feed(ran);
            } catch (Exception e) {
                feedFault = "its feeds could not be loaded: " + e.getMessage();
                wrong.add("host " + host.name() + ": " + feedFault);
            }
        }
        return wrong;
    }

    /** Makes ports that could not be made when their turn was. */
    synchronized void addMissing(Revision revision) {
        for (SendPort port : revision.portsOf(host.name())) {
            if (!ports.containsKey(port.name())) {
                try {
                    add(port, made(port, host));
                    faults.remove(port.name());
                } catch (Exception e) {
                    faults.put(port.name(), "could not be started: " + e.getMessage());
                }
            }
        }
    }

    private void forget(String port) {
        told.remove(port);
        faulty.remove(port);
        faults.remove(port);
    }

    private SendAdapter adapter(Settings transport, Services services) throws Exception {
        return catalog.adapter(transport.element().equals("auditRelay") ? "smtp" : transport.element())
                .create(transport, services);
    }

    /** As configured; the embedded relay is started when the first port needs it. */
    private Settings transport(Settings transport) throws java.io.IOException {
        if (!transport.element().equals("auditRelay") || !transport.flag("embedded", false)) {
            return transport;
        }
        EmbeddedRelay running = relay;
        if (running == null) {
            running = new EmbeddedRelay(
                    transport.path("archive").orElse(transport.origin().folder().resolve("var/relay")));
            relay = running;
        }
        Origin origin = transport.origin();
        Map<String, Setting> attributes = new LinkedHashMap<>(transport.attributes());
        attributes.put("host", Setting.plain("127.0.0.1", origin));
        attributes.put("port", Setting.plain(Integer.toString(running.port()), origin));
        attributes.put("tls", Setting.plain("none", origin));
        attributes.put("auth", Setting.plain("none", origin));
        return new Settings("auditRelay", origin, attributes, transport.children(), "");
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

    /** Why something is not up that should be. */
    List<String> faults() {
        List<String> all = new ArrayList<>(faults.values());
        if (!feedFault.isEmpty()) {
            all.add(feedFault);
        }
        return all;
    }

    /** Starts and stops ports as their states say, and tries what is forced. */
    synchronized void follow(Map<String, PortState> states, Set<String> forced) {
        for (String port : ports.keySet()) {
            PortWork own = ports.get(port);
            if (own != null && forced.contains(port)) {
                dispatcher.force(port, own.schedule().ordered() ? 1 : own.concurrency(), own::tryOnce);
            }
            boolean wanted = states.getOrDefault(port, PortState.STOPPED) == PortState.STARTED;
            try {
                if (wanted && !camel.isStarted(port)) {
                    camel.startPort(port);
                    told.remove(port);
                    LOG.info("port {} started", port);
                } else if (!wanted && camel.isStarted(port)) {
                    camel.stopPort(port, DRAIN);
                    told.remove(port);
                    faulty.remove(port);
                    box.ports().waitsFor(port, "");
                    LOG.info("port {} stopped", port);
                }
                PortWork work = own;
                if (wanted
                        && work != null
                        && work.rest().filter(Rest::isForPerson).isPresent()
                        && box.ports()
                                .of(port)
                                .filter(PortState.STARTED::equals)
                                .isPresent()) {
                    // Stopped by a rule and started by a person before this looked.
                    work.resume();
                }
                faults.remove(port);
                tellRest(port);
            } catch (Exception e) {
                faults.put(port, String.valueOf(e.getMessage()));
                LOG.error("port {} could not be {}", port, wanted ? "started" : "stopped", e);
            }
        }
    }

    /** Lets the commands, which run in other processes, know what a port waits for. */
    private void tellRest(String port) {
        PortWork work = ports.get(port);
        Optional<Pause> pause = work == null ? Optional.empty() : work.pause().or(work::blocked);
        if (pause.filter(Pause::isFault).isPresent()) {
            faulty.put(port, pause.get().toString());
        } else {
            faulty.remove(port);
        }
        String what = pause.map(Pause::toString).orElse("");
        if (!what.equals(told.get(port))) {
            box.ports().waitsFor(port, what);
            told.put(port, what);
        }
    }

    /** What started ports wait for that somebody should look at, by port. */
    Map<String, String> rests() {
        return Map.copyOf(faulty);
    }

    /** There may be new work. */
    void wake() {
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

    /** Some of them may have started. */
    private void stopFeedsAfterFailure() {
        try {
            camel.stopFeeds();
        } catch (Exception e) {
            LOG.warn("a feed of host {} did not stop", host.name(), e);
        }
    }

    /** Whether its host's feeds run here. */
    boolean feeds() {
        return feeding;
    }

    /** The feeds of a host run on the longest living of its instances alone. */
    synchronized void feed(boolean leads) {
        boolean wanted = leads && lease.isCurrent();
        if (wanted == feeding || host.routes().isEmpty()) {
            return;
        }
        try {
            if (wanted) {
                camel.startFeeds();
            } else {
                camel.stopFeeds();
            }
            feeding = wanted;
            feedFault = "";
            LOG.info("the feeds of host {} {}", host.name(), wanted ? "run here" : "are stopped here");
        } catch (Exception e) {
            String why = "its feeds did not " + (wanted ? "start: " : "stop: ") + e.getMessage();
            if (!why.equals(feedFault)) {
                LOG.error("host {}: {}", host.name(), why, e);
            }
            feedFault = why;
            stopFeedsAfterFailure();
        }
    }

    /** Claims nothing more, and waits for what is under way. */
    void drain(Duration patience) {
        try {
            camel.stopFeeds();
        } catch (Exception e) {
            LOG.warn("a feed of host {} did not stop", host.name(), e);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> late = new ArrayList<>();
        for (String port : ports.keySet()) {
            try {
                if (!dispatcher.shut(port, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                    late.add(port);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                late.add(port);
            }
        }
        if (!late.isEmpty()) {
            LOG.warn("attempts of ports {} did not end within {}; they are in doubt at the next start", late, patience);
        }
    }

    @Override
    public void close() {
        lease.end();
        dispatcher.close();
        ports.values().forEach(PortWork::close);
        camel.close();
        try {
            catalog.close();
        } catch (java.io.IOException e) {
            LOG.warn("the plug-ins of host {} did not close", host.name(), e);
        }
        if (relay != null) {
            relay.close();
        }
    }
}
