package io.sendport.host.process;

import io.sendport.config.ConfigurationChange;
import io.sendport.config.HostSettings;
import io.sendport.config.port.PortState;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.Suspects;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.Report;
import io.sendport.host.decide.Terms;
import io.sendport.host.process.files.PipelineJournal;
import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host instances of this process and their configuration. Starts them, applies port states and configuration changes, takes over from
 * dead instances, and restarts instances that were declared dead. Safe for use by several threads.
 */
final class HostInstances {

    private static final Logger LOG = LoggerFactory.getLogger(HostInstances.class);

    private final Set<String> hosts;
    private final String process;
    private final MessageBox box;
    private final SharedParts shared;
    private final DeadInstances dead;
    private final List<HostInstance> running = new CopyOnWriteArrayList<>();
    private final Set<InstanceLease> starting = ConcurrentHashMap.newKeySet();
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private volatile Revision revision;
    private volatile boolean draining;

    /**
     * Creates no instances yet.
     *
     * @param first the configuration to start with
     * @param hosts the names of the hosts that run here; empty for all
     * @param process the process part of the instance names
     * @param journal has the messages that ended processes of this machine had in their pipelines
     */
    HostInstances(Revision first, Set<String> hosts, String process, SharedParts shared, PipelineJournal journal) {
        this.revision = first;
        this.hosts = Set.copyOf(hosts);
        this.process = process;
        this.shared = shared;
        this.box = shared.box();
        this.dead = new DeadInstances(box, shared.isAlone(), journal);
    }

    /** The active configuration. */
    Revision revision() {
        return revision;
    }

    /** The instances that are running now. */
    List<HostInstance> running() {
        return List.copyOf(running);
    }

    /** Signals new work at any port. */
    void wake() {
        running.forEach(HostInstance::wake);
    }

    /** Signals new work at {@code port}. */
    void wake(String port) {
        running.forEach(each -> each.wake(port));
    }

    /**
     * Starts every host of this process.
     *
     * @throws Exception when an instance cannot be created
     */
    synchronized void startAll() throws Exception {
        for (HostSettings host : missing(revision)) {
            running.add(create(host, revision));
        }
    }

    /** Starts the hosts that do not run. A host that fails to start is a fault, and is retried by the next call. */
    private void restartMissing() {
        for (HostSettings host : missing(revision)) {
            try {
                running.add(create(host, revision));
                faults.remove(host.name());
            } catch (Exception | LinkageError | StackOverflowError e) {
                String why = "cannot start host " + host.name() + ": " + e.getMessage();
                if (!why.equals(faults.put(host.name(), why))) {
                    LOG.error(why, e);
                }
            }
        }
    }

    private List<HostSettings> missing(Revision wanted) {
        return wanted.configuration().hosts().stream()
                .filter(host -> hosts.isEmpty() || hosts.contains(host.name()))
                .filter(host -> running.stream().noneMatch(each -> each.name().equals(host.name())))
                .toList();
    }

    private HostInstance create(HostSettings host, Revision configured) throws Exception {
        String name = host.name() + "@" + process;
        String id = box.instances().isKnown(name)
                ? name + "-" + UUID.randomUUID().toString().substring(0, 4)
                : name;
        InstanceLease lease = new InstanceLease(box.instances(), id, shared.isAlone());
        box.instances().started(id, host.name());
        // Renew this lease, too: creating an instance may take longer than a lease.
        starting.add(lease);
        try {
            return new HostInstance(host, lease, configured, shared);
        } catch (Exception | LinkageError | StackOverflowError e) {
            box.instances().stopped(id, host.name(), "could not be started: " + e.getMessage());
            throw e;
        } finally {
            starting.remove(lease);
        }
    }

    /** Takes over the messages of dead instances on any machine. */
    void takeOver() {
        Set<String> own = running.stream().map(HostInstance::id).collect(Collectors.toSet());
        if (dead.takeOver(own, terms())) {
            running.forEach(HostInstance::lookForSuspects);
            wake();
        }
    }

    /** Records the messages that were in a pipeline when the last process died. */
    void recordSuspects(List<Suspects.Suspect> suspects) {
        dead.recordSuspects(suspects);
    }

    private Function<MessageRow, Terms> terms() {
        Map<String, SendPort> ports = new HashMap<>();
        revision.configuration().ports().forEach(port -> ports.put(port.name(), port));
        return row -> {
            SendPort port = ports.get(row.port());
            return port == null ? Terms.DEFAULT : Terms.of(port, row.onBackup());
        };
    }

    /** Moves due times earlier that are too late because the clock was ahead. Call this at a start, when no other process runs. */
    void correctDueTimes() {
        Map<String, Duration> maxWaits = new HashMap<>();
        revision.configuration()
                .ports()
                .forEach(port -> maxWaits.put(port.name(), port.retry().longestWait()));
        int earlier = box.claims().capDueTimes(port -> maxWaits.getOrDefault(port, RetryRule.DEFAULT.longestWait()));
        if (earlier > 0) {
            LOG.warn(
                    "Messages whose due time was too far in the future, because the clock was ahead: {}. They are due earlier now."
                            + " Nothing needs to be done",
                    earlier);
        }
    }

    /** Takes over from dead instances, recovers lost claims, restarts instances that were declared dead, and retries failed starts. */
    synchronized void recoverInstances() {
        takeOver();
        Function<MessageRow, Terms> terms = terms();
        running.forEach(instance -> instance.recoverLostClaims(terms));
        for (HostInstance instance : running()) {
            if (instance.isDeclaredDead()) {
                LOG.warn(
                        "Host instance {} was declared dead because it could not reach the message box for longer than {}. It restarts"
                                + " under a new name; nothing needs to be done",
                        instance.id(),
                        box.instances().lease());
                running.remove(instance);
                instance.close();
            }
        }
        if (!draining) {
            restartMissing();
            running.forEach(instance -> instance.addMissing(revision));
        }
    }

    /** Why hosts that should run do not start, by host name. */
    Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    /** Throws {@link IllegalStateException} while an instance cannot claim messages, unless the store is the reason. */
    void requireClaiming() {
        running.forEach(HostInstance::requireClaiming);
    }

    /** Renews the leases of all instances. Never waits for other work. */
    void renew() {
        running.forEach(HostInstance::renew);
        starting.forEach(InstanceLease::renew);
    }

    /**
     * Stops the feeds of each instance whose lease has lapsed, because another instance may start the same feeds. Does not query the
     * message box.
     */
    void stopLapsedFeeds() {
        running.forEach(HostInstance::stopLapsedFeeds);
    }

    /** Starts and stops ports and feeds according to the message box, and tries forced messages. */
    void follow() {
        if (draining) {
            return;
        }
        try {
            Map<String, PortState> states = box.ports().all();
            Set<String> forced = box.claims().forced();
            List<Instances.Instance> alive = box.instances().alive();
            for (HostInstance instance : running()) {
                instance.follow(states, forced);
                instance.runFeeds(isLeader(instance, alive));
            }
        } catch (StoreException e) {
            // A lease may have lapsed meanwhile, and then the feeds must not run here.
            stopLapsedFeeds();
            throw e;
        }
    }

    /** Whether {@code instance} is the longest running instance of its host, which runs the feeds. */
    private static boolean isLeader(HostInstance instance, List<Instances.Instance> alive) {
        return alive.stream()
                .filter(each -> each.host().equals(instance.name()))
                .findFirst()
                .filter(each -> each.id().equals(instance.id()))
                .isPresent();
    }

    /** Whether this process has the longest running instance. That process does the tasks that must run only once. */
    boolean isLongestRunning() {
        return box.instances().alive().stream()
                .findFirst()
                .filter(first -> running.stream().anyMatch(each -> each.id().equals(first.id())))
                .isPresent();
    }

    /** The changes between {@code next} and the active configuration. */
    ConfigurationChange changeTo(Revision next) {
        return ConfigurationChange.between(revision.configuration(), next.configuration())
                .and(revision.wrongPorts().keySet(), next.wrongPorts().keySet());
    }

    /** A new configuration with all its parts created but not active. */
    record PreparedChange(
            Revision next,
            ConfigurationChange change,
            Map<HostInstance, PreparedPorts> ports,
            List<HostInstance> hosts) {}

    /**
     * Creates the parts that {@code change} affects.
     *
     * @throws Exception when a part cannot be created; all others are closed then
     */
    synchronized PreparedChange prepare(Revision next, ConfigurationChange change) throws Exception {
        PreparedChange prepared = new PreparedChange(next, change, new LinkedHashMap<>(), new ArrayList<>());
        try {
            for (HostInstance instance : running) {
                prepared.ports()
                        .put(instance, instance.prepare(next, change.ports().keySet()));
            }
            for (HostSettings host : missing(next)) {
                prepared.hosts().add(create(host, next));
            }
            return prepared;
        } catch (Exception | LinkageError | StackOverflowError e) {
            prepared.ports().values().forEach(PreparedPorts::close);
            for (HostInstance host : prepared.hosts()) {
                host.close();
                box.instances().stopped(host.id(), host.name(), "another host failed to start");
            }
            throw e;
        }
    }

    /**
     * Activates the new parts. Stops only what the change affects, each port once its attempts in progress have ended.
     *
     * @return the failures; {@link #recoverInstances} retries the ports among them
     */
    synchronized List<String> activate(PreparedChange prepared) {
        List<String> wrong = new ArrayList<>();
        // Remove all parts before adding any, because a port may have moved to another host.
        Set<String> touched = prepared.change().ports().keySet();
        long deadline = System.nanoTime() + PortStops.DRAIN_TIMEOUT.toNanos();
        running.forEach(instance -> instance.stopClaiming(touched, deadline));
        running.forEach(instance -> instance.retire(touched, deadline));
        revision = prepared.next();
        prepared.ports().forEach((instance, successors) -> {
            boolean feeds = prepared.change().feeds().contains(instance.name());
            wrong.addAll(instance.activate(prepared.next(), successors, feeds));
        });
        running.addAll(prepared.hosts());
        List<HostInstance> removed = running().stream()
                .filter(instance -> prepared.change().hostsRemoved().contains(instance.name()))
                .toList();
        drain(removed, PortStops.DRAIN_TIMEOUT);
        for (HostInstance instance : removed) {
            running.remove(instance);
            instance.close();
            try {
                recordEnd(instance, "no longer configured");
            } catch (StoreException e) {
                wrong.add("cannot record the end of " + instance.id() + ": " + e.getMessage());
            }
        }
        return wrong;
    }

    /** Stops claiming, and waits at most {@code timeout} for messages in progress. Leases must be renewed meanwhile. */
    void drain(Duration timeout) {
        draining = true;
        drain(running(), timeout);
    }

    /** Stops claiming everywhere before any wait, so that all instances share one deadline. */
    private static void drain(List<HostInstance> ending, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        ending.forEach(instance -> instance.stopClaiming(deadline));
        ending.forEach(HostInstance::stopFeeds);
        ending.forEach(instance -> instance.awaitEnd(deadline));
    }

    /** Closes all instances. Does not record their end. */
    void close() {
        draining = true;
        running.forEach(HostInstance::close);
    }

    /** Records on the ledger that the instances have ended. */
    void recordEnd() {
        running.forEach(instance -> recordEnd(instance, "stopped"));
        if (box.instances().open().isEmpty()) {
            box.ports().pauseNothing();
        }
    }

    /** Stores the counts of the last deliveries, and records the end of {@code instance}. */
    private void recordEnd(HostInstance instance, String how) {
        Map<String, Long> sent = instance.conditions().history().takeDelivered();
        box.reports().publish(instance.id(), Report.NOTHING, sent, box.clock().instant());
        box.instances().stopped(instance.id(), instance.name(), how);
    }
}
