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
 * The host instances of this process and their configuration. They start, follow the states of ports, apply configuration changes,
 * take over from dead instances, and restart after they were declared dead themselves. Safe for use by several threads.
 */
final class HostInstances {

    private static final Logger LOG = LoggerFactory.getLogger(HostInstances.class);

    private final Set<String> hosts;
    private final String process;
    private final MessageBox box;
    private final SharedParts shared;
    private final DeadInstances dead;
    private final List<HostInstance> running = new CopyOnWriteArrayList<>();
    private final Set<InstanceLease> beginning = ConcurrentHashMap.newKeySet();
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private volatile Revision revision;
    private volatile boolean draining;

    /**
     * Starts empty.
     *
     * @param hosts the names of hosts that run here; empty for all
     * @param process the second half of the instance names
     * @param inHand knows the pipelines of processes that ended on this machine
     */
    HostInstances(Revision first, Set<String> hosts, String process, SharedParts shared, PipelineJournal inHand) {
        this.revision = first;
        this.hosts = Set.copyOf(hosts);
        this.process = process;
        this.shared = shared;
        this.box = shared.box();
        this.dead = new DeadInstances(box, shared.isAlone(), inHand);
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

    /** Signals new work at that port. */
    void wake(String port) {
        running.forEach(each -> each.wake(port));
    }

    /**
     * Starts every host of this process.
     *
     * @throws Exception when one cannot be created
     */
    synchronized void startAll() throws Exception {
        for (HostSettings host : missing(revision)) {
            running.add(made(host, revision));
        }
    }

    /** As {@link #startAll}, for hosts that were declared dead; a host that fails is retried later. */
    private void startAgain() {
        for (HostSettings host : missing(revision)) {
            try {
                running.add(made(host, revision));
                faults.remove(host.name());
            } catch (Exception | LinkageError | StackOverflowError e) {
                String why = "cannot start host " + host.name() + ": " + e.getMessage();
                if (!why.equals(faults.put(host.name(), why))) {
                    LOG.error(why, e);
                }
            }
        }
    }

    private List<HostSettings> missing(Revision of) {
        return of.configuration().hosts().stream()
                .filter(host -> hosts.isEmpty() || hosts.contains(host.name()))
                .filter(host -> running.stream().noneMatch(each -> each.name().equals(host.name())))
                .toList();
    }

    private HostInstance made(HostSettings host, Revision of) throws Exception {
        String name = host.name() + "@" + process;
        String id = box.instances().isKnown(name)
                ? name + "-" + UUID.randomUUID().toString().substring(0, 4)
                : name;
        InstanceLease lease = new InstanceLease(box.instances(), id, shared.isAlone());
        box.instances().started(id, host.name());
        // Creating an instance may take longer than a lease.
        beginning.add(lease);
        try {
            return new HostInstance(host, lease, of, shared);
        } catch (Exception | LinkageError | StackOverflowError e) {
            box.instances().stopped(id, host.name(), "could not be started: " + e.getMessage());
            throw e;
        } finally {
            beginning.remove(lease);
        }
    }

    /** Takes over the work of dead instances on any machine. */
    void takeOver() {
        Set<String> own = running.stream().map(HostInstance::id).collect(Collectors.toSet());
        if (dead.takeOver(own, terms())) {
            running.forEach(HostInstance::lookForSuspects);
            wake();
        }
    }

    /** Records messages that were in a pipeline when the last process died. */
    void recordSuspects(List<Suspects.Suspect> left) {
        dead.recordSuspects(left);
    }

    private Function<MessageRow, Terms> terms() {
        Map<String, SendPort> ports = new HashMap<>();
        revision.configuration().ports().forEach(port -> ports.put(port.name(), port));
        return row -> {
            SendPort port = ports.get(row.port());
            return port == null ? Terms.DEFAULT : Terms.of(port, row.onBackup());
        };
    }

    /** Makes messages due that were submitted while the clock was ahead. Call at a start, when no other process runs. */
    void dueAtStart() {
        Map<String, Duration> longest = new HashMap<>();
        revision.configuration()
                .ports()
                .forEach(port -> longest.put(port.name(), port.retry().longestWait()));
        int earlier = box.claims().dueAtStart(port -> longest.getOrDefault(port, RetryRule.DEFAULT.longestWait()));
        if (earlier > 0) {
            LOG.warn(
                    "Messages whose due time was too far in the future, because the clock was ahead: {}. They are due earlier now."
                            + " Nothing needs to be done",
                    earlier);
        }
    }

    /** Takes over from dead instances, restarts instances that were declared dead, and retries failed starts. */
    synchronized void recoverInstances() {
        takeOver();
        Function<MessageRow, Terms> terms = terms();
        running.forEach(instance -> instance.takeBack(terms));
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
            startAgain();
            running.forEach(instance -> instance.addMissing(revision));
        }
    }

    /** Faults of whole hosts that should run. */
    Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    /** Throws {@link IllegalStateException} while one of them cannot claim messages for a reason other than the store. */
    void requireClaiming() {
        running.forEach(HostInstance::requireClaiming);
    }

    /** Renews their leases. Never waits for other work. */
    void renew() {
        running.forEach(HostInstance::renew);
        beginning.forEach(InstanceLease::renew);
    }

    /**
     * Stops the feeds of an instance whose lease has lapsed: it must not feed concurrently with its successor. Does not query the
     * message box.
     */
    void stopLapsedFeeds() {
        running.forEach(HostInstance::stopLapsedFeeds);
    }

    /** Starts and stops ports and feeds according to the message box. */
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
            // A lease that lapsed meanwhile ends the right to feed.
            stopLapsedFeeds();
            throw e;
        }
    }

    /** Only the longest running instance of a host runs its feeds. */
    private static boolean isLeader(HostInstance instance, List<Instances.Instance> alive) {
        return alive.stream()
                .filter(each -> each.host().equals(instance.name()))
                .findFirst()
                .filter(each -> each.id().equals(instance.id()))
                .isPresent();
    }

    /** Whether the longest running instance runs here; it does the tasks that must run only once. */
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
     * @throws Exception when one cannot be created; nothing is left of them then
     */
    synchronized PreparedChange prepare(Revision next, ConfigurationChange change) throws Exception {
        PreparedChange made = new PreparedChange(next, change, new LinkedHashMap<>(), new ArrayList<>());
        try {
            for (HostInstance instance : running) {
                made.ports().put(instance, instance.prepare(next, change.ports().keySet()));
            }
            for (HostSettings host : missing(next)) {
                made.hosts().add(made(host, next));
            }
            return made;
        } catch (Exception | LinkageError | StackOverflowError e) {
            made.ports().values().forEach(PreparedPorts::close);
            for (HostInstance host : made.hosts()) {
                host.close();
                box.instances().stopped(host.id(), host.name(), "another host failed to start");
            }
            throw e;
        }
    }

    /**
     * Activates the new parts. Stops only what the change affects, each port once its attempts in progress have ended.
     *
     * @return the failures, which are retried
     */
    synchronized List<String> activate(PreparedChange made) {
        List<String> wrong = new ArrayList<>();
        // Remove all parts before adding any, because a port may have moved to another host.
        Set<String> touched = made.change().ports().keySet();
        long deadline = System.nanoTime() + PortStops.DRAIN.toNanos();
        running.forEach(instance -> instance.stopClaiming(touched, deadline));
        running.forEach(instance -> instance.retire(touched, deadline));
        revision = made.next();
        made.ports().forEach((instance, successors) -> {
            boolean feeds = made.change().feeds().contains(instance.name());
            wrong.addAll(instance.activate(made.next(), successors, feeds));
        });
        running.addAll(made.hosts());
        List<HostInstance> removed = running().stream()
                .filter(instance -> made.change().hostsRemoved().contains(instance.name()))
                .toList();
        drain(removed, PortStops.DRAIN);
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

    /** Stops claiming, and waits for work in progress; leases are renewed until everything has ended. */
    void drain(Duration patience) {
        draining = true;
        drain(running(), patience);
    }

    /** Uses one deadline for all: claiming stops everywhere before any wait. */
    private static void drain(List<HostInstance> ending, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        ending.forEach(instance -> instance.stopClaiming(deadline));
        ending.forEach(HostInstance::stopFeeds);
        ending.forEach(instance -> instance.awaitEnd(deadline));
    }

    /** Ends all instances. */
    void close() {
        draining = true;
        running.forEach(HostInstance::close);
    }

    /** Records that they have ended. */
    void recordEnd() {
        running.forEach(instance -> recordEnd(instance, "stopped"));
        if (box.instances().open().isEmpty()) {
            box.ports().pauseNothing();
        }
    }

    /** Stores the counts of the last deliveries, and records the end. */
    private void recordEnd(HostInstance instance, String how) {
        Map<String, Long> sent = instance.conditions().history().take();
        box.reports().publish(instance.id(), Report.NOTHING, sent, box.clock().instant());
        box.instances().stopped(instance.id(), instance.name(), how);
    }
}
