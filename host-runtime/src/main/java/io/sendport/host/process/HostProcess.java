package io.sendport.host.process;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.PortState;
import io.sendport.config.Routing;
import io.sendport.config.SendPort;
import io.sendport.host.box.Actor;
import io.sendport.host.box.Instances;
import io.sendport.host.box.MessageBox;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.observe.Health;
import io.sendport.host.observe.Metrics;
import io.sendport.host.observe.ObserveServer;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.run.SubmissionDesk;
import io.sendport.host.run.Throttles;
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running process: the store, its host instances, and what goes on beside them at intervals. */
public final class HostProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);

    private final Configuration configuration;
    private final Clock clock;
    private final StoreLock lock;
    private final MessageBox box;
    private final SubmissionDesk desk;
    private final Checkpoints checkpoints;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Metrics metrics;
    private final List<HostInstance> instances = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newScheduledThreadPool(2, task -> new Thread(task, "sendport-timer"));
    private @Nullable ObserveServer observe;
    private volatile boolean draining;
    private volatile String checkpointFault = "";
    private long checkpointedSeq;

    /**
     * Starts the hosts named, or all of them.
     *
     * @param plugins the folder of plug-ins
     * @throws StoreException when the store can't be opened, or another process runs on it
     * @throws Exception when a host can't be started
     */
    public HostProcess(Configuration configuration, Set<String> hosts, Path plugins, Clock clock) throws Exception {
        this.configuration = configuration;
        this.clock = clock;
        Path file = configuration
                .messageBox()
                .sqliteFile()
                .orElseThrow(() -> new StoreException("only SQLite is done in this version", null));
        io.sendport.host.store.OwnerOnly.createFolder(
                file.getParent() == null ? file.toAbsolutePath() : file.getParent());
        this.lock = StoreLock.take(file);
        this.metrics = new Metrics(registry, clock);
        try {
            this.box = MessageBox.open(configuration.messageBox(), Store.Access.CREATE, clock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
        this.desk = new SubmissionDesk(
                Routing.of(configuration), box, clock, port -> instances.forEach(HostInstance::wake));
        this.checkpoints = Checkpoints.of(file, Optional.of(configuration.auditLedger()));
        try {
            start(hosts, plugins, file.resolveSibling(file.getFileName() + ".spool"));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void start(Set<String> hosts, Path plugins, Path spool) throws Exception {
        startObserving();
        box.ports().waitForNothing();
        SpoolWorkspace.prepare(spool);
        takeOver();
        box.ledger()
                .record(Entry.of(Kind.CONFIG_LOADED)
                        .header("sha256", configuration.sha256())
                        .detail("detail", configuration.file().toString()));
        HostInstance.Shared shared = new HostInstance.Shared(
                configuration, box, clock, plugins, spool, desk, new Throttles(), registry, metrics);
        for (HostSettings host : configuration.hosts()) {
            if (hosts.isEmpty() || hosts.contains(host.name())) {
                String id = instanceId(host.name());
                box.instances().started(id, host.name());
                instances.add(new HostInstance(host, id, shared));
            }
        }
        Map<String, PortState> states = box.ports().all();
        instances.forEach(instance -> instance.follow(states));
        metrics.refresh(box.queries().ports());
        schedule();
    }

    private void startObserving() throws IOException {
        var settings = configuration.observe();
        observe = new ObserveServer(
                settings.flatMap(each -> each.text("address")).orElse("127.0.0.1"),
                settings.flatMap(each -> each.text("port")).map(Integer::valueOf),
                registry,
                this::health);
    }

    /** The lock is ours, so whoever else has something in hand is dead. */
    private void takeOver() {
        Map<String, SendPort> ports = new TreeMap<>();
        configuration.ports().forEach(port -> ports.put(port.name(), port));
        int taken = box.claims().takeOver(owner -> true, row -> {
            SendPort port = ports.get(row.port());
            return port == null ? Terms.DEFAULT : Terms.of(port, row.onBackup());
        });
        for (Instances.Instance dead : box.instances().open()) {
            box.instances().stopped(dead.id(), dead.host(), "found dead at the next start");
            LOG.warn("instance {} had died", dead.id());
        }
        if (taken > 0) {
            LOG.warn("{} messages taken over from instances that died", taken);
        }
    }

    private static String instanceId(String host) {
        long pid = ManagementFactory.getRuntimeMXBean().getPid();
        return host + "@" + Actor.machine() + "-" + pid + "-"
                + UUID.randomUUID().toString().substring(0, 4);
    }

    private void schedule() {
        long renewal = Math.max(1_000, configuration.messageBox().lease().toMillis() / 3);
        every(renewal, () -> instances.forEach(HostInstance::renew));
        every(500, this::followStates);
        every(5_000, () -> metrics.refresh(box.queries().ports()));
        every(configuration.auditLedger().checkpointInterval().toMillis(), this::checkpoint);
        every(TimeUnit.HOURS.toMillis(1), () -> box.upkeep()
                .run(configuration.messageBox().keepMessages()));
    }

    private void every(long millis, Runnable work) {
        var scheduled = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.warn("work at intervals failed and is tried again: {}", e.getMessage());
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
        if (scheduled.isCancelled()) {
            throw new IllegalStateException("the timer did not start");
        }
    }

    private void followStates() {
        if (draining) {
            return;
        }
        Map<String, PortState> states = box.ports().all();
        instances.forEach(instance -> instance.follow(states));
    }

    private synchronized void checkpoint() {
        // The record of a checkpoint is not worth another.
        if (box.ledger().head().seq() <= checkpointedSeq + 1 || instances.isEmpty()) {
            return;
        }
        try {
            checkpointedSeq = checkpoints.make(
                    box.ledger(),
                    clock.instant(),
                    instances.get(0).name(),
                    instances.get(0).id());
            checkpointFault = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            checkpointFault = "no checkpoint could be made: " + e.getMessage();
            LOG.error(checkpointFault, e);
        }
    }

    /** What is well and what isn't. */
    public Health health() {
        Map<String, String> live = new TreeMap<>();
        live.put("store", box.store().fault().orElse(""));
        Map<String, String> ready = new TreeMap<>(live);
        long free = box.store().freeBytes();
        ready.put("disk", free < configuration.messageBox().minFree() ? "only " + free + " bytes free" : "");
        ready.put("checkpoint", checkpointFault);
        for (HostInstance instance : instances) {
            ready.put(
                    "host " + instance.name(),
                    String.join("; ", instance.faults().values()));
            instance.rests().forEach((port, what) -> ready.put("port " + port, what));
        }
        return new Health(live, ready);
    }

    /** The message box, for whoever works in the same process. */
    public MessageBox box() {
        return box;
    }

    /** The way in for whoever works in the same process. */
    public SubmissionDesk desk() {
        return desk;
    }

    /** Where metrics and health are served. */
    public String observeAddress() {
        ObserveServer server = observe;
        return server == null ? "" : server.address();
    }

    /** The instances by name. */
    public List<String> instanceIds() {
        return instances.stream().map(HostInstance::id).toList();
    }

    /** The ports that run here. */
    public Set<String> ports() {
        Set<String> ports = new HashSet<>();
        instances.forEach(instance -> ports.addAll(instance.ports()));
        return ports;
    }

    /** Claims nothing more, and waits at most {@code patience} for attempts under way. */
    public void drain(Duration patience) {
        // Leases are renewed until everything has ended.
        draining = true;
        instances.forEach(instance -> instance.drain(patience));
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        for (HostInstance instance : instances) {
            instance.close();
        }
        try {
            checkpoint();
            box.ports().waitForNothing();
            for (HostInstance instance : instances) {
                box.instances().stopped(instance.id(), instance.name(), "stopped");
            }
        } catch (RuntimeException e) {
            LOG.warn("the end of this process could not be recorded: {}", e.getMessage());
        }
        if (observe != null) {
            observe.close();
        }
        box.close();
        lock.close();
    }
}
