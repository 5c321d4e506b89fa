package io.sendport.host.process;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.MessageBoxSettings;
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
import io.sendport.host.ledger.Lane;
import io.sendport.host.observe.Health;
import io.sendport.host.observe.Metrics;
import io.sendport.host.observe.ObserveServer;
import io.sendport.host.run.SubmissionDesk;
import io.sendport.host.run.Throttles;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreException;
import java.io.IOException;
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
    /** How long work that another process put there may go unnoticed, where that process can't tell. */
    private static final Duration TICK = Duration.ofMillis(100);
    /** The same where it can: only what falls due later waits for the tick. */
    private static final Duration TOLD_TICK = Duration.ofSeconds(1);

    private static final int TASKS = 5;

    private final Configuration configuration;
    private final Set<String> hosts;
    private final @Nullable StoreLock lock;
    private final MessageBox box;
    private final Clock clock;
    private final SubmissionDesk desk;
    private final Checkpoints checkpoints;
    private final SpoolFolder spool;
    private final HostInstance.Shared shared;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Metrics metrics;
    private final List<HostInstance> instances = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newScheduledThreadPool(TASKS, task -> new Thread(task, "sendport-timer"));
    private @Nullable ObserveServer observe;
    private Optional<AutoCloseable> ear = Optional.empty();
    private volatile boolean draining;
    private volatile String storeFault = "";
    private volatile String checkpointFault = "";
    private long checkpointedCount;

    /**
     * Starts the hosts named, or all of them.
     *
     * @param plugins the folder of plug-ins
     * @throws StoreException when the store can't be opened, or is a file that another process runs on
     * @throws Exception when a host can't be started
     */
    public HostProcess(Configuration configuration, Set<String> hosts, Path plugins, Clock own) throws Exception {
        this.configuration = configuration;
        this.hosts = Set.copyOf(hosts);
        MessageBoxSettings settings = configuration.messageBox();
        Path place = settings.place();
        OwnerOnly.createFolder(place.getParent() == null ? place.toAbsolutePath() : place.getParent());
        String name = Actor.machine() + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 4);
        boolean alone = settings.sqliteFile().isPresent();
        this.lock = alone ? StoreLock.take(place) : null;
        try {
            this.spool = SpoolFolder.claim(place.resolveSibling(place.getFileName() + ".spool"), name);
            this.box = MessageBox.open(settings, Store.Access.CREATE, own, alone ? Lane.shared() : Lane.of(name));
        } catch (RuntimeException | IOException e) {
            if (lock != null) {
                lock.close();
            }
            throw e;
        }
        this.clock = box.clock();
        this.metrics = new Metrics(registry, clock);
        this.desk = new SubmissionDesk(
                Routing.of(configuration), box, clock, port -> instances.forEach(HostInstance::wake));
        this.checkpoints = Checkpoints.of(place, Optional.of(configuration.auditLedger()));
        this.shared = new HostInstance.Shared(
                configuration,
                box,
                clock,
                plugins,
                spool.path(),
                alone ? TICK : TOLD_TICK,
                desk,
                new Throttles(),
                registry,
                metrics);
        try {
            start(alone);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** @param alone whether nobody else can run on this store: whoever else has something in hand is dead */
    private void start(boolean alone) throws Exception {
        startObserving();
        if (alone) {
            tellDead(box.instances().buryAll());
        }
        takeOver();
        if (box.instances().open().isEmpty()) {
            box.ports().waitForNothing();
        }
        box.ledger()
                .record(Entry.of(Kind.CONFIG_LOADED)
                        .header("sha256", configuration.sha256())
                        .detail("detail", configuration.file().toString()));
        startMissing();
        ear = box.store().whenWorkCame(() -> instances.forEach(HostInstance::wake));
        followStates();
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

    /** Starts every host that is to run here and doesn't: all of them at first, later those that were taken for dead. */
    private void startMissing() throws Exception {
        for (HostSettings host : configuration.hosts()) {
            boolean wanted = hosts.isEmpty() || hosts.contains(host.name());
            boolean runs = instances.stream().anyMatch(each -> each.name().equals(host.name()));
            if (wanted && !runs) {
                String id = host.name() + "@" + spool.path().getFileName();
                String again = box.instances().isKnown(id)
                        ? id + "-" + UUID.randomUUID().toString().substring(0, 4)
                        : id;
                box.instances().started(again, host.name());
                instances.add(new HostInstance(host, again, shared));
            }
        }
    }

    /** What instances left that died, wherever they ran. */
    private void takeOver() {
        tellDead(box.instances().buryLapsed());
        Map<String, SendPort> ports = new TreeMap<>();
        configuration.ports().forEach(port -> ports.put(port.name(), port));
        int taken = box.claims().takeOver(row -> {
            SendPort port = ports.get(row.port());
            return port == null ? Terms.DEFAULT : Terms.of(port, row.onBackup());
        });
        if (taken > 0) {
            LOG.warn("{} messages taken over from instances that died", taken);
            instances.forEach(HostInstance::wake);
        }
    }

    private static void tellDead(List<String> dead) {
        dead.forEach(each -> LOG.warn("instance {} had died", each));
    }

    private void schedule() {
        long renewal = Math.max(250, configuration.messageBox().lease().toMillis() / 3);
        every(renewal, this::renew);
        every(500, this::followStates);
        every(5_000, () -> metrics.refresh(box.queries().ports()));
        every(configuration.auditLedger().checkpointInterval().toMillis(), this::checkpoint);
        every(TimeUnit.HOURS.toMillis(1), () -> box.upkeep()
                .run(configuration.messageBox().keepMessages()));
    }

    private void every(long millis, Task work) {
        var scheduled = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (StoreException e) {
                        if (storeFault.isEmpty()) {
                            LOG.warn("work at intervals waits for the message box: {}", e.getMessage());
                        }
                        storeFault = String.valueOf(e.getMessage());
                    } catch (Exception e) {
                        LOG.warn("work at intervals failed and is tried again: {}", e.getMessage(), e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
        if (scheduled.isCancelled()) {
            throw new IllegalStateException("the timer did not start");
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    /** Shows that these instances live, replaces those that others took for dead, and takes over from those that are. */
    private synchronized void renew() throws Exception {
        for (HostInstance instance : List.copyOf(instances)) {
            if (!instance.renew()) {
                LOG.warn(
                        "{} was taken for dead, since the message box was out of its reach for longer than {}; it is"
                                + " started anew under another name",
                        instance.id(),
                        configuration.messageBox().lease());
                instances.remove(instance);
                instance.close();
            }
        }
        if (!draining) {
            startMissing();
            takeOver();
        }
    }

    private void followStates() {
        if (draining) {
            return;
        }
        try {
            Map<String, PortState> states = box.ports().all();
            List<Instances.Instance> alive = box.instances().alive();
            for (HostInstance instance : instances) {
                instance.follow(states);
                instance.feed(alive.stream()
                        .filter(each -> each.host().equals(instance.name()))
                        .findFirst()
                        .filter(each -> each.id().equals(instance.id()))
                        .isPresent());
            }
            storeFault = "";
        } catch (StoreException e) {
            // A lease that lapsed meanwhile ends the right to feed.
            instances.forEach(instance -> instance.feed(instance.feeds()));
            throw e;
        }
    }

    private synchronized void checkpoint() {
        // The record of a checkpoint is not worth another.
        if (instances.isEmpty() || box.ledger().count() <= checkpointedCount + 1) {
            return;
        }
        try {
            checkpointedCount = checkpoints.make(
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
        if (!storeFault.isEmpty()) {
            ready.put("store", storeFault);
        }
        long free = box.store().freeBytes().orElse(Long.MAX_VALUE);
        ready.put("disk", free < configuration.messageBox().minFree() ? "only " + free + " bytes free" : "");
        ready.put("checkpoint", checkpointFault);
        for (HostInstance instance : instances) {
            ready.put("host " + instance.name(), String.join("; ", instance.faults()));
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
            for (HostInstance instance : instances) {
                box.instances().stopped(instance.id(), instance.name(), "stopped");
            }
            if (box.instances().open().isEmpty()) {
                box.ports().waitForNothing();
            }
            box.ledger().giveBackLane();
        } catch (RuntimeException e) {
            LOG.warn("the end of this process could not be recorded: {}", e.getMessage());
        }
        if (observe != null) {
            observe.close();
        }
        closeEar();
        box.close();
        spool.close();
        if (lock != null) {
            lock.close();
        }
    }

    private void closeEar() {
        try {
            if (ear.isPresent()) {
                ear.get().close();
            }
        } catch (Exception e) {
            LOG.debug("nobody listens any more", e);
        }
    }
}
