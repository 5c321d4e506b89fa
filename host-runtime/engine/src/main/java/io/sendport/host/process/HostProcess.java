package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.alert.AlertService;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.body.BodyKeys;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.privacy.Pseudonyms;
import io.sendport.host.observe.Health;
import io.sendport.host.observe.Metrics;
import io.sendport.host.operate.Operations;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.process.files.LastCommits;
import io.sendport.host.process.files.PipelineJournal;
import io.sendport.host.process.files.ProcessName;
import io.sendport.host.process.files.SpoolFolder;
import io.sendport.host.run.Budget;
import io.sendport.host.run.DeliveryWatch;
import io.sendport.host.run.PipelineWatch;
import io.sendport.host.run.rate.ClockSteps;
import io.sendport.host.run.rate.Throttles;
import io.sendport.host.run.submit.OutboxAdmission;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.DiskFailure;
import io.sendport.host.store.Monotonic;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreLock;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running process: the store, host instances and periodic tasks. Safe for use by several threads. */
public final class HostProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);
    /** How long to wait for an older program to end before the upgrade of its store fails. */
    private static final Duration UPGRADE_TIMEOUT = Duration.ofMinutes(2);

    /** The lease for admitting submissions. If a process dies, they wait until its lease lapses and another process admits them. */
    private static final Duration ADMITTER_LEASE = Duration.ofSeconds(5);

    private final @Nullable StoreLock lock;
    private final MessageBox box;
    private final Clock clock;
    private final SubmissionService submissionService;
    private final LedgerMaintenance ledgerMaintenance;
    private final OpenResources opened = new OpenResources();
    private final HostInstances instances;
    private final Operations operations;
    private final ConfigurationReloader reloader;
    private final Optional<LogFollower> logFollower;
    private final ProcessHealth health;
    private final Metrics metrics;
    private final PeriodicTasks tasks = new PeriodicTasks(this::onStoreFailure, System::nanoTime);
    private final StoreWatch storeWatch;
    private final PipelineJournal pipelineJournal;
    private final ClockWatch clockWatch;
    private Optional<AutoCloseable> workListener = Optional.empty();
    private final @Nullable LastCommits lastCommits;

    /**
     * Opens the store and starts hosts. The configuration cannot change while the process runs.
     *
     * @param hosts the names of the hosts to start; empty for all hosts of {@code configuration}
     * @throws StoreException when the store cannot be opened, or is a file that another process uses
     * @throws io.sendport.host.box.body.BodyKeyException when the keys of bodies cannot be read
     * @throws Exception when a host cannot be started
     */
    public HostProcess(Configuration configuration, Set<String> hosts, Environment environment) throws Exception {
        this(Revision.of(configuration), () -> Revision.of(configuration), hosts, environment);
    }

    /**
     * As {@link #HostProcess(Configuration, Set, Environment)}, but applies changed configurations.
     *
     * @param first the configuration to start with
     * @param source reads the configuration again when files have changed or an operator asks for a reload
     * @throws Exception as {@link #HostProcess(Configuration, Set, Environment)}
     */
    public HostProcess(Revision first, Revision.Source source, Set<String> hosts, Environment environment)
            throws Exception {
        ConfigurationWatch watch = new ConfigurationWatch(first.configuration());
        Configuration configuration = first.configuration();
        MessageBoxSettings settings = configuration.messageBox();
        Path place = settings.place();
        // Read the keys before any message is claimed or submitted.
        BodyKeys.of(settings.bodyKey()).ids();
        OwnerOnly.createFolder(settings.folder());
        OwnerOnly.wideMode(settings.folder()).ifPresent(fault -> LOG.warn("{}", fault));
        String name = ProcessName.create();
        boolean alone = settings.sqliteFile().isPresent();
        Actor actor = Actor.here("start of " + name);
        try {
            this.lock = alone ? lock(settings, actor) : null;
            if (alone) {
                DiskFailure.recover(place);
            }
            this.pipelineJournal =
                    alone ? PipelineJournal.openExclusive(place) : PipelineJournal.openShared(place, name);
            opened.add(pipelineJournal);
            SpoolFolder spool = SpoolFolder.claim(place.resolveSibling(place.getFileName() + ".spool"), name);
            opened.add(spool);
            this.lastCommits = alone ? null : LastCommits.open(place, name);
            this.box = MessageBox.open(
                    Store.open(settings, Access.CREATE, environment.database()),
                    settings,
                    environment.clock(),
                    lane(alone, name));
            opened.add(box);
            opened.add(this::closeWorkListener);
            this.clock = box.clock();
            this.metrics = new Metrics(environment.meters(), clock, box.store());
            this.submissionService =
                    new SubmissionService(Routing.of(configuration), box, this::wake, environment.tracing());
            box.acknowledgements().writeBy(submissionService::hasSubscribers, submissionService::acknowledgements);
            this.ledgerMaintenance = new LedgerMaintenance(box, place, configuration.auditLedger());
            this.storeWatch = new StoreWatch(box, ledgerMaintenance, Optional.ofNullable(lastCommits));
            Pseudonyms pseudonyms = Pseudonyms.of(place, configuration.auditLedger());
            SpoolPlace spoolPlace =
                    SpoolPlace.of(spool.path(), settings.bodyKey().isPresent());
            SharedParts shared = new SharedParts(
                    box,
                    clock,
                    environment.extensions(),
                    spoolPlace,
                    alone,
                    submissionService,
                    environment.logOns(),
                    alone ? Throttles.ofThisProcess(environment.clock()) : Throttles.shared(box.rates()),
                    environment.meters(),
                    metrics,
                    ledgerMaintenance.copies(),
                    new PipelineWatch(Monotonic.beside(clock), Optional.of(pipelineJournal.own())),
                    new DeliveryWatch(Monotonic.beside(clock)),
                    environment.tracing(),
                    Budget.ofThisProcess());
            this.instances = new HostInstances(first, hosts, name, shared, pipelineJournal);
            this.clockWatch = new ClockWatch(box, ClockSteps.of(clock), () -> alone || instances.isLongestRunning());
            opened.add(this::recordEnd);
            opened.add(instances::close);
            box.outbox()
                    .ifPresent(outbox -> admit(new OutboxAdmission(submissionService, outbox, name, ADMITTER_LEASE)));
            opened.add(tasks);
            this.reloader = new ConfigurationReloader(
                    source, watch, box, pseudonyms, submissionService, instances, this::followStates);
            this.logFollower = environment
                    .logControl()
                    .map(control -> new LogFollower(box.logLevels(), instances::running, control));
            opened.add(() -> logFollower.ifPresent(LogFollower::close));
            this.operations =
                    Operations.over(() -> Routing.of(configuration()), box, submissionService, Optional.of(spoolPlace));
            ProcessConditions conditions = new ProcessConditions(
                    name, box, instances, ledgerMaintenance, storeWatch, clockWatch, reloader, tasks);
            this.health = new ProcessHealth(
                    box,
                    () -> operations(),
                    tasks,
                    storeWatch,
                    conditions,
                    new ConditionReports(box, instances, conditions, System::nanoTime));
            AlertService alertService =
                    Alerting.alertService(box, name, environment.extensions(), instances, () -> operations()
                            .conditions()
                            .now());
            opened.add(alertService);
            start(alone);
            tasks.every("alerts", Alerting.INTERVAL_MILLIS, alertService::turn);
        } catch (Exception | LinkageError | StackOverflowError e) {
            opened.close();
            throw e;
        }
    }

    private StoreLock lock(MessageBoxSettings settings, Actor actor) {
        StoreLock taken = new StoreUpgrade(settings, UPGRADE_TIMEOUT, line -> LOG.warn("{}", line)).lock(actor);
        opened.add(taken);
        return taken;
    }

    private void admit(OutboxAdmission admission) {
        opened.add(admission);
        tasks.every("outbox", 250, admission::admit);
    }

    private Lane lane(boolean alone, String name) {
        LastCommits noted = lastCommits;
        return alone || noted == null ? Lane.shared() : Lane.of(name, noted::note);
    }

    /** Takes over messages, and starts hosts and tasks. {@code alone}: no other process uses the store, so all other owners are dead. */
    private void start(boolean alone) throws Exception {
        reloader.disclose();
        if (alone) {
            box.store().overwriteFreePages();
            DeadInstances.log(box.instances().markAllStopped());
        }
        storeWatch.start();
        instances.takeOver();
        instances.recordSuspects(pipelineJournal.ofLastProcess());
        pipelineJournal.forgetLastProcess();
        clockWatch.start();
        if (box.instances().open().isEmpty()) {
            instances.correctDueTimes();
            box.ports().pauseNothing();
        }
        reloader.record(new Actor("", ""));
        long renewal = Math.max(250, box.instances().lease().toMillis() / 3);
        tasks.every("lease", renewal, instances::renew);
        tasks.every("store", 500, this::checkStore);
        // Check often, because another instance starts the feeds as soon as the lease has lapsed.
        tasks.every("feeds", 250, instances::stopLapsedFeeds);
        if (lock == null) {
            tasks.every("lost commits", renewal, box.store()::lookForLosses);
        }
        instances.startAll();
        instances.running().stream().findFirst().ifPresent(ledgerMaintenance::checkpointAtStart);
        workListener = box.store().onWork(this::wake);
        logFollower.ifPresent(LogFollower::follow);
        followStates();
        measure();
        schedule(renewal);
    }

    private void checkStore() {
        if (storeWatch.check()) {
            checkpoint();
        }
    }

    private Configuration configuration() {
        return instances.revision().configuration();
    }

    private void wake() {
        instances.wake();
    }

    private void wake(String port) {
        instances.wake(port);
    }

    private void schedule(long renewal) {
        Configuration configuration = configuration();
        tasks.every("takeover", renewal, instances::recoverInstances);
        tasks.every("port states", 500, this::followStates);
        tasks.every("claiming", 1_000, instances::requireClaiming);
        tasks.every("clock", 500, this::followClock);
        tasks.every("configuration", 500, reloader::follow);
        logFollower.ifPresent(each -> tasks.every("log levels", 1_000, each::follow));
        tasks.every("metrics", 2_500, this::measure);
        tasks.every("conditions", 1_000, health::publish);
        long checkpoints = configuration.auditLedger().checkpointInterval().toMillis();
        tasks.every("ledger index", 500, box.ledger()::index);
        tasks.every("ledger packing", 1_000, () -> ledgerMaintenance.pack(instances::isLongestRunning));
        tasks.every("checkpoint", checkpoints, this::checkpoint);
        tasks.every("checkpoint by count", 5_000, () -> instances.running().stream()
                .findFirst()
                .ifPresent(ledgerMaintenance::checkpointWhenDue));
        tasks.every("time stamp", checkpoints + 1_000, this::stamp);
        tasks.every("retention", TimeUnit.HOURS.toMillis(1), this::applyRetention);
    }

    /** Updates metrics and health from the message counts of ports and the conditions. */
    private void measure() {
        Map<String, MessageQueries.PortCounts> counts = box.queries().ports();
        metrics.refresh(counts, box.ports().all(), ledgerMaintenance.signedAt());
        health.update(counts);
        metrics.show(health.conditions());
    }

    private void onStoreFailure(StoreException e) {
        storeWatch.markUnavailable(e);
    }

    /** Why this process cannot continue; its caller must then drain and close it. Empty while it can continue. */
    public Optional<ShutdownReason> ending() {
        return storeWatch.ending();
    }

    private void followStates() {
        instances.follow();
        storeWatch.markAvailable();
    }

    private void checkpoint() {
        instances.running().stream().findFirst().ifPresent(ledgerMaintenance::checkpoint);
        ledgerMaintenance.checkKey();
    }

    private void stamp() {
        configuration().auditLedger().timestampServer().ifPresent(ledgerMaintenance::stamp);
    }

    /** If the clock was set back, moves due times back, too, because messages would otherwise wait too long. */
    private void followClock() {
        if (clockWatch.follow()) {
            wake();
        }
    }

    /** Deletes expired data in the message box and then on the ledger. Only one process does so. */
    private void applyRetention() throws IOException, GeneralSecurityException {
        List<HostInstance> running = instances.running();
        if (running.isEmpty() || !instances.isLongestRunning()) {
            box.upkeep().horizon().leaveToOthers();
            ledgerMaintenance.leaveRetentionToOthers();
            return;
        }
        Instant now = box.upkeep().run();
        ledgerMaintenance.prune(
                box.upkeep().recordsBefore(now, configuration().messageBox().keepAudit()), running.get(0));
    }

    /** The health of this process. */
    public Health health() {
        return health.now();
    }

    /** The message box, for code in the same process. */
    public MessageBox box() {
        return box;
    }

    /** The submission service, for code in the same process. */
    public SubmissionService submissionService() {
        return submissionService;
    }

    /** The operations of operators on this process and its message box. */
    public Operations operations() {
        return operations;
    }

    /** The names of the running instances. */
    public List<String> instanceIds() {
        return instances.running().stream().map(HostInstance::id).toList();
    }

    /** The names of the ports of the running instances, including stopped ports. */
    public Set<String> ports() {
        Set<String> ports = new HashSet<>();
        instances.running().forEach(instance -> ports.addAll(instance.ports()));
        return ports;
    }

    /** Stops claiming, and waits at most {@code timeout} for attempts in progress. */
    public void drain(Duration timeout) {
        reloader.end();
        instances.drain(timeout);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }

    private void recordEnd() {
        try {
            checkpoint();
            instances.recordEnd();
            box.ledger().releaseLane();
        } catch (RuntimeException e) {
            LOG.warn("cannot record the end of this process, so it will count as dead: {}", e.getMessage());
        }
    }

    private void closeWorkListener() {
        try {
            if (workListener.isPresent()) {
                workListener.get().close();
            }
        } catch (Exception e) {
            LOG.debug("cannot close the listener for new work", e);
        }
    }
}
