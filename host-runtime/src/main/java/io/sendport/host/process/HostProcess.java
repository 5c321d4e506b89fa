package io.sendport.host.process;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationChange;
import io.sendport.config.HostSettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.box.Actor;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.Reloads;
import io.sendport.host.ledger.Disclosure;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Pseudonyms;
import io.sendport.host.observe.Health;
import io.sendport.host.observe.Metrics;
import io.sendport.host.observe.ObserveServer;
import io.sendport.host.run.ClockSteps;
import io.sendport.host.run.SubmissionDesk;
import io.sendport.host.run.Throttles;
import io.sendport.host.store.DiskFailure;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running process: the store, its host instances, and what goes on beside them at intervals. */
public final class HostProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);
    private static final int TASKS = 9;

    private final Revision.Source source;
    private final @Nullable StoreLock lock;
    private final MessageBox box;
    private final Clock clock;
    private final SubmissionDesk desk;
    private final LedgerCare ledgerCare;
    private final Pseudonyms pseudonyms;
    private final SpoolFolder spool;
    private final HostInstances instances;
    private final ConfigurationWatch watch;
    private volatile String configurationFault = "";
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Metrics metrics;
    private final ScheduledExecutorService timer =
            Executors.newScheduledThreadPool(TASKS, task -> new Thread(task, "sendport-timer"));
    private @Nullable ObserveServer observe;
    private Optional<AutoCloseable> ear = Optional.empty();
    private volatile boolean draining;
    private volatile String storeFault = "";

    /**
     * Starts the hosts named, or all of them.
     *
     * @param plugins the folder of plug-ins
     * @throws StoreException when the store can't be opened, or is a file that another process runs on
     * @throws Exception when a host can't be started
     */
    public HostProcess(Configuration configuration, Set<String> hosts, Path plugins, Clock own) throws Exception {
        this(Revision.of(configuration), () -> Revision.of(configuration), hosts, plugins, own);
    }

    /**
     * As {@link #HostProcess(Configuration, Set, Path, Clock)}, taking over what {@code source} reads when the files have changed or a
     * person asks for it.
     *
     * @throws StoreException when the store can't be opened, or is a file that another process runs on
     * @throws Exception when a host can't be started
     */
    public HostProcess(Revision first, Revision.Source source, Set<String> hosts, Path plugins, Clock own)
            throws Exception {
        this.source = source;
        this.watch = new ConfigurationWatch(first.configuration());
        Configuration configuration = first.configuration();
        MessageBoxSettings settings = configuration.messageBox();
        Path place = settings.place();
        OwnerOnly.createFolder(place.getParent() == null ? place.toAbsolutePath() : place.getParent());
        String name = Actor.machine() + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 4);
        boolean alone = settings.sqliteFile().isPresent();
        this.lock = alone ? StoreLock.take(place) : null;
        try {
            if (alone) {
                DiskFailure.recover(place);
            }
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
        this.desk = new SubmissionDesk(Routing.of(configuration), box, this::wake);
        box.acknowledgements().writeBy(desk::hasSubscribers, desk::acknowledgements);
        this.ledgerCare = new LedgerCare(box, place, configuration.auditLedger());
        this.pseudonyms = Pseudonyms.of(place, configuration.auditLedger());
        HostInstance.Shared shared = new HostInstance.Shared(
                box,
                clock,
                plugins,
                spool.path(),
                alone,
                desk,
                alone ? Throttles.ofThisProcess(own) : Throttles.shared(box.rates()),
                registry,
                metrics,
                ledgerCare.copies());
        this.instances = new HostInstances(first, hosts, name, shared);
        try {
            start(alone);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** @param alone whether nobody else can run on this store: whoever else has something in hand is dead */
    private void start(boolean alone) throws Exception {
        discloseBy(configuration());
        startObserving();
        if (alone) {
            HostInstances.tellDead(box.instances().buryAll());
        }
        ledgerCare.tellLost();
        instances.takeOver();
        if (box.instances().open().isEmpty()) {
            box.ports().waitForNothing();
        }
        recordLoaded(new Actor("", ""));
        long renewal = Math.max(250, box.instances().lease().toMillis() / 3);
        every(renewal, instances::renew);
        instances.startAll();
        ear = box.store().whenWorkCame(this::wake);
        followStates();
        metrics.refresh(box.queries().ports());
        schedule(renewal);
    }

    private void recordLoaded(Actor actor) {
        Configuration configuration = configuration();
        box.ledger()
                .record(Entry.of(Kind.CONFIG_LOADED)
                        .header("sha256", configuration.sha256())
                        .detail("actor", actor.name())
                        .detail("reason", actor.reason())
                        .detail("detail", configuration.file().toString()));
    }

    private void startObserving() throws IOException {
        var settings = configuration().observe();
        observe = new ObserveServer(
                settings.flatMap(each -> each.text("address")).orElse("127.0.0.1"),
                settings.flatMap(each -> each.text("port")).map(Integer::valueOf),
                registry,
                this::health);
    }

    private Configuration configuration() {
        return instances.revision().configuration();
    }

    /** Private parts of records tell what the hosts of {@code configuration} allow. */
    private void discloseBy(Configuration configuration) {
        Map<String, Disclosure> byHost = new HashMap<>();
        for (HostSettings host : configuration.hosts()) {
            byHost.put(host.name(), pseudonyms.disclosure(host.audit()));
        }
        box.ledger().discloseBy(host -> byHost.getOrDefault(host, Disclosure.PLAIN));
    }

    /** There may be new work. */
    private void wake() {
        instances.wake();
    }

    private void wake(String port) {
        instances.wake(port);
    }

    private void schedule(long renewal) {
        Configuration configuration = configuration();
        every(renewal, instances::tend);
        every(500, this::followStates);
        if (lock != null) {
            ClockSteps steps = ClockSteps.of(clock);
            every(500, () -> followClock(steps));
        }
        every(500, this::followConfiguration);
        every(5_000, () -> metrics.refresh(box.queries().ports()));
        every(configuration.auditLedger().checkpointInterval().toMillis(), this::checkpoint);
        every(configuration.auditLedger().checkpointInterval().toMillis() + 1_000, this::stamp);
        every(TimeUnit.HOURS.toMillis(1), this::keepUp);
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

    /** Takes over files that changed, and answers those who ask for it. */
    private void followConfiguration() {
        if (draining) {
            return;
        }
        for (HostInstance instance : instances.running()) {
            for (Reloads.Wish wish : box.reloads().asked(instance.id())) {
                box.reloads().answer(wish, reload(wish.dry(), wish.actor()));
            }
        }
        if (watch.hasChanged()) {
            reload(false, new Actor("configuration file", "changed"));
        }
    }

    /** Takes over what the files say now: all of it, or, where anything is wrong, nothing. */
    private Reloads.Answer reload(boolean dry, Actor actor) {
        ConfigurationChange change;
        Revision next;
        HostInstances.Succession succession;
        String stamp = watch.stamp();
        try {
            next = source.read();
            change = instances.changeTo(next);
            if (dry || change.isEmpty()) {
                configurationFault = "";
                return new Reloads.Answer(
                        true, change.isEmpty() ? "nothing changes" : String.join("\n", change.told()));
            }
            succession = instances.prepare(next, change);
        } catch (Exception e) {
            String why = String.valueOf(e.getMessage());
            if (!dry) {
                configurationFault = "the changed configuration is not in force: " + why;
            }
            why.lines().forEach(line -> LOG.error("the changed configuration is not in force: {}", line));
            return new Reloads.Answer(false, why + "\nnothing was changed");
        }
        List<String> told = new ArrayList<>(change.told());
        discloseBy(next.configuration());
        List<String> faults = instances.succeed(succession);
        desk.follow(Routing.of(next.configuration()));
        watch.follow(next.configuration(), stamp);
        configurationFault = "";
        told.forEach(each ->
                LOG.info("configuration {}: {}", next.configuration().sha256().substring(0, 8), each));
        faults.forEach(each -> LOG.error("{}; it is tried again", each));
        told.addAll(faults);
        try {
            recordLoaded(actor);
            followStates();
        } catch (StoreException e) {
            told.add("the change is in force and not on the ledger: " + e.getMessage());
        }
        return new Reloads.Answer(faults.isEmpty(), String.join("\n", told));
    }

    private void followStates() {
        instances.follow();
        storeFault = "";
    }

    private void checkpoint() {
        instances.running().stream().findFirst().ifPresent(ledgerCare::checkpoint);
    }

    private void stamp() {
        configuration().auditLedger().timestampServer().ifPresent(ledgerCare::stamp);
    }

    /** Where the clock was set back, what waits would wait for as much longer. */
    private void followClock(ClockSteps steps) {
        Duration step = steps.since(clock.instant());
        if (!step.isZero()) {
            LOG.warn("the clock was set by {}", step);
        }
        if (step.isNegative()) {
            int moved = box.claims().bringForward(step);
            LOG.warn("{} waiting messages are due as much earlier", moved);
            wake();
        }
    }

    /** Deletes what has served its time, in the message box and then on the ledger. */
    private void keepUp() throws IOException, GeneralSecurityException {
        box.upkeep().run();
        List<HostInstance> running = instances.running();
        if (!running.isEmpty()) {
            ledgerCare.prune(configuration().messageBox().keepAudit(), running.get(0));
        }
    }

    /** What is well and what isn't. */
    public Health health() {
        Map<String, String> live = new TreeMap<>();
        live.put("store", box.store().fault().orElse(""));
        Map<String, String> ready = new TreeMap<>(live);
        if (!storeFault.isEmpty()) {
            ready.put("store", storeFault);
        } else if (box.store().fault().isEmpty()) {
            ready.put("store", box.store().trouble().orElse(""));
        }
        long free = box.store().freeBytes().orElse(Long.MAX_VALUE);
        ready.put("configuration", configurationFault);
        ready.put("disk", free < configuration().messageBox().minFree() ? "only " + free + " bytes free" : "");
        ready.putAll(ledgerCare.faults());
        ready.put("hosts", String.join("; ", instances.faults()));
        for (HostInstance instance : instances.running()) {
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
        return instances.running().stream().map(HostInstance::id).toList();
    }

    /** The ports that run here. */
    public Set<String> ports() {
        Set<String> ports = new HashSet<>();
        instances.running().forEach(instance -> ports.addAll(instance.ports()));
        return ports;
    }

    /** Claims nothing more, and waits at most {@code patience} for attempts under way. */
    public void drain(Duration patience) {
        draining = true;
        instances.drain(patience);
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        instances.close();
        try {
            checkpoint();
            instances.recordEnd();
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
