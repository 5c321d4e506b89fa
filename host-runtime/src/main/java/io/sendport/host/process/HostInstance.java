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
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One host in this process: its ports, their routes and what they share. */
final class HostInstance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostInstance.class);

    private final HostSettings host;
    private final String id;
    private final MessageBox box;
    private final InstanceLease lease;
    private final Catalog catalog;
    private final CamelShell camel;
    private final Dispatcher dispatcher;
    private final Map<String, PortWork> ports = new LinkedHashMap<>();
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final Map<String, String> faulty = new ConcurrentHashMap<>();
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private @Nullable EmbeddedRelay relay;
    private boolean feeding;
    private volatile String feedFault = "";

    /** What all instances of the process share. */
    record Shared(
            Configuration configuration,
            MessageBox box,
            Clock clock,
            Path plugins,
            Path spool,
            Duration tick,
            SubmissionDesk desk,
            Throttles throttles,
            MeterRegistry registry,
            Metrics metrics) {}

    /**
     * Makes everything and starts the context; ports are started by {@link #follow}.
     *
     * @throws Exception when a component, adapter, route or feed can't be made
     */
    HostInstance(HostSettings host, String id, Shared shared) throws Exception {
        this.host = host;
        this.id = id;
        this.box = shared.box();
        this.lease = new InstanceLease(box.instances(), id);
        this.catalog = new Catalog(new PluginFolder(shared.plugins()));
        this.camel = new CamelShell(
                host.name(),
                shared.configuration().properties(),
                shared.configuration().destinations(),
                shared.desk());
        this.dispatcher = new Dispatcher(box.claims(), id, lease::isCurrent, shared.tick());
        try {
            camel.start();
            Services services = Services.bare(host.name(), shared.clock(), host.identity())
                    .with(CamelContext.class, camel.context())
                    .with(MeterRegistry.class, shared.registry());
            for (SendPort port : shared.configuration().ports()) {
                if (port.host().equals(host.name())) {
                    addPort(port, services, shared);
                }
            }
            camel.addFeeds(host.routes());
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void addPort(SendPort port, Services services, Shared shared) throws Exception {
        Services own =
                services.with(Priority.class, new Priority(port.schedule().priority()));
        SendAdapter adapter = adapter(transport(port.transport()), own);
        Optional<SendAdapter> backup = Optional.empty();
        if (port.backup().isPresent()) {
            backup = Optional.of(adapter(port.backup().get().transport(), own));
        }
        int most = Math.min(
                adapter.maxRecipients(), backup.map(SendAdapter::maxRecipients).orElse(Integer.MAX_VALUE));
        PipelineRun pipeline = new PipelineRun(port, catalog, services, host.redirectTo(), most);
        PortWork work = new PortWork(
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
        camel.addPort(work, dispatcher);
        ports.put(port.name(), work);
        shared.metrics().show(port);
        box.ports().see(port.name(), port.initialState());
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

    /** Starts and stops ports as their states say. */
    void follow(Map<String, PortState> states) {
        for (String port : ports.keySet()) {
            boolean wanted = states.getOrDefault(port, PortState.STOPPED) == PortState.STARTED;
            try {
                if (wanted && !camel.isStarted(port)) {
                    camel.startPort(port);
                    told.remove(port);
                    LOG.info("port {} started", port);
                } else if (!wanted && camel.isStarted(port)) {
                    camel.stopPort(port, Duration.ofSeconds(30));
                    told.remove(port);
                    faulty.remove(port);
                    box.ports().waitsFor(port, "");
                    LOG.info("port {} stopped", port);
                }
                PortWork work = ports.get(port);
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

    /** Extends the lease; false when others took this instance for dead, which it is to all intents from then on. */
    boolean renew() {
        return lease.renew();
    }

    /** Whether its host's feeds run here. */
    boolean feeds() {
        return feeding;
    }

    /** The feeds of a host run on the longest living of its instances alone. */
    void feed(boolean leads) {
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
            feedFault = "its feeds did not " + (wanted ? "start: " : "stop: ") + e.getMessage();
            LOG.error("host {}: {}", host.name(), feedFault, e);
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
