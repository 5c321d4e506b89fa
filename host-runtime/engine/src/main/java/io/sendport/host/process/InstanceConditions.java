package io.sendport.host.process;

import io.sendport.host.box.control.Pause;
import io.sendport.host.box.control.Report;
import io.sendport.host.camel.FeedFault;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Escalation;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import io.sendport.host.relay.HopFailures;
import io.sendport.host.run.DeliveryHistory;
import io.sendport.host.run.DeliveryWatch;
import io.sendport.host.run.PipelineWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The conditions of one host instance: its ports, relays, accounts, components and feeds. Safe for use by several threads. */
final class InstanceConditions {

    /** A step that takes longer than this is a condition. */
    static final Duration SLOW_STEP = Duration.ofSeconds(30);

    /** A step that takes longer than this is shown to users who ask where a message is. */
    private static final Duration REPORTED_STEP = Duration.ofSeconds(3);

    private static final int MAX_STEPS = 200;

    private final String instance;
    private final Clock clock;
    private final PortHealth ports;
    private final DeliveryHistory history;
    private final DeliveryWatch deliveries;
    private final PipelineWatch pipelines;
    private final CertificatesInUse certificates;
    private final Feeds feeds;
    private final HostCamelContext camel;
    private final PortFactory portFactory;
    private final InstanceLease lease;
    private final String host;
    private final FirstSeen firstSeen;

    InstanceConditions(
            String host,
            InstanceLease lease,
            SharedParts shared,
            PortHealth ports,
            DeliveryHistory history,
            CertificatesInUse certificates,
            Feeds feeds,
            HostCamelContext camel,
            PortFactory portFactory) {
        this.host = host;
        this.lease = lease;
        this.instance = lease.instance();
        this.clock = shared.clock();
        this.deliveries = shared.deliveries();
        this.pipelines = shared.watch();
        this.ports = ports;
        this.history = history;
        this.certificates = certificates;
        this.feeds = feeds;
        this.camel = camel;
        this.portFactory = portFactory;
        this.firstSeen = new FirstSeen(clock);
    }

    /**
     * The current conditions.
     *
     * @param waits tells whether messages wait at a port
     */
    List<Condition> now(Predicate<String> waits) {
        List<Condition> relayConditions =
                history.conditions(waits).stream().map(this::withPause).toList();
        List<Condition> all = new ArrayList<>(relayConditions);
        all.addAll(silentRelays(waits));
        all.addAll(slowComponents());
        all.addAll(portConditions(waits, relayConditions));
        all.addAll(feedConditions());
        all.addAll(certificates.conditions());
        portFactory
                .faults()
                .forEach(fault -> all.add(firstSeen(ConditionKind.AUDIT_RELAY_FAULT, host, Severity.ATTENTION, fault)));
        portFactory.hopFailures().forEach(failures -> all.add(nextHopCondition(failures)));
        if (!lease.isCurrent()) {
            all.add(firstSeen(ConditionKind.LEASE_LAPSED, instance, Severity.ATTENTION, ""));
        }
        firstSeen.retain(all);
        return Condition.merged(all);
    }

    /**
     * Adds the pause to the condition of a refused account: its end, when the next message tries the account again, before the retries of
     * other messages; and the other ports with this account, which have the same pause.
     */
    private Condition withPause(Condition condition) {
        if (condition.kind() != ConditionKind.CREDENTIAL_REFUSED) {
            return condition;
        }
        Set<Pause> pauses = ports.pauses().entrySet().stream()
                .filter(each -> condition.ports().contains(each.getKey()))
                .map(Map.Entry::getValue)
                .filter(each -> each.kind() == Pause.Kind.CREDENTIAL)
                .collect(Collectors.toSet());
        Condition paused = condition.at(Stream.concat(
                        condition.ports().stream(),
                        ports.pauses().entrySet().stream()
                                .filter(each -> pauses.contains(each.getValue()))
                                .map(Map.Entry::getKey))
                .toList());
        return pauses.stream()
                .flatMap(each -> each.until().stream())
                .max(Comparator.naturalOrder())
                .map(paused::until)
                .orElse(paused);
    }

    private Condition nextHopCondition(HopFailures failures) {
        String waiting = failures.waiting() == 1 ? "1 mail waits" : failures.waiting() + " mails wait";
        return Condition.of(
                ConditionKind.AUDIT_RELAY_FAULT,
                host,
                Escalation.of(failures.count(), failures.since(), clock.instant(), true, Optional.empty()),
                failures.since(),
                waiting + " for the next hop, which has accepted none since "
                        + failures.since().truncatedTo(ChronoUnit.SECONDS)
                        + failures.next()
                                .map(at -> "; next attempt at " + at.truncatedTo(ChronoUnit.SECONDS))
                                .orElse("")
                        + ": " + failures.why());
    }

    private Condition firstSeen(ConditionKind kind, String subject, Severity severity, String detail) {
        return Condition.of(kind, subject, severity, firstSeen.since(kind, subject), detail);
    }

    private List<Condition> silentRelays(Predicate<String> waits) {
        List<Condition> silentRelays = new ArrayList<>();
        Instant now = clock.instant();
        List<DeliveryWatch.DeliveryProgress> slowDeliveries = deliveries.at(instance, SLOW_STEP);
        for (DeliveryWatch.DeliveryProgress delivery : slowDeliveries) {
            String port = delivery.row().port();
            String peer = delivery.peer();
            Instant since = now.minus(delivery.elapsed());
            if (!peer.isEmpty()) {
                silentRelays.add(new Condition(
                        ConditionKind.RELAY_SILENT,
                        new Subject(Subject.Type.RELAY, peer),
                        Escalation.of(
                                slowDeliveries.stream()
                                        .filter(each -> each.peer().equals(peer))
                                        .count(),
                                since,
                                now,
                                waits.test(port),
                                history.lastAccepted(port)),
                        since,
                        0,
                        "message " + delivery.row().id() + " has been at " + delivery.step() + " since that time",
                        Optional.empty(),
                        new TreeSet<>(List.of(port)),
                        new TreeSet<>()));
            }
        }
        return silentRelays;
    }

    private List<Condition> slowComponents() {
        List<Condition> slowComponents = new ArrayList<>();
        Instant now = clock.instant();
        for (PipelineWatch.PipelinePass pass : pipelines.at(instance, SLOW_STEP)) {
            String port = pass.row().port();
            Instant since = now.minus(pass.elapsed());
            slowComponents.add(Condition.of(
                            ConditionKind.COMPONENT_SLOW,
                            pass.component().orElse("") + " of port " + port,
                            Escalation.of(1, since, now, true, history.lastAccepted(port)),
                            since,
                            "message " + pass.row().id() + ", " + pass.where())
                    .at(List.of(port)));
        }
        return slowComponents;
    }

    private List<Condition> portConditions(Predicate<String> waits, List<Condition> relayConditions) {
        List<Condition> all = new ArrayList<>();
        Instant now = clock.instant();
        ports.faults().forEach((port, why) -> {
            Instant since = firstSeen.since(ConditionKind.PORT_MISCONFIGURED, port);
            Severity severity =
                    Escalation.of(Escalation.FAILURES, since, now, waits.test(port), history.lastAccepted(port));
            all.add(Condition.of(ConditionKind.PORT_MISCONFIGURED, port, severity, since, why)
                    .at(List.of(port)));
        });
        ports.pauses().forEach((port, pause) -> {
            boolean isKnown = pause.kind() == Pause.Kind.CREDENTIAL
                    && relayConditions.stream()
                            .anyMatch(each -> each.kind() == ConditionKind.CREDENTIAL_REFUSED
                                    && each.ports().contains(port));
            if (pause.isFault() && !isKnown && pause.kind() != Pause.Kind.CONFIGURATION) {
                all.add(pauseCondition(port, pause, now, waits.test(port)));
            }
        });
        return all;
    }

    private Condition pauseCondition(String port, Pause pause, Instant now, boolean waits) {
        ConditionKind kind = pause.kind() == Pause.Kind.ORDER ? ConditionKind.ORDER_BLOCKED : ConditionKind.PORT_PAUSED;
        Instant since = firstSeen.since(kind, port);
        // A pause that only an operator can end counts as a repeated failure at once.
        long failures = pause.until().isEmpty() ? Escalation.FAILURES : 1;
        Condition condition = Condition.of(
                        kind,
                        port,
                        Escalation.of(failures, since, now, waits, history.lastAccepted(port)),
                        since,
                        pause.text())
                .at(List.of(port));
        return pause.until().map(condition::until).orElse(condition);
    }

    private List<Condition> feedConditions() {
        List<Condition> all = new ArrayList<>();
        if (!feeds.fault().isEmpty()) {
            all.add(firstSeen(ConditionKind.FEED_FAILING, host, Severity.ATTENTION, feeds.fault()));
        }
        if (feeds.areRunning()) {
            Instant now = clock.instant();
            for (FeedFault fault : camel.feedFaults()) {
                String name = host + ", route " + fault.route();
                all.add(Condition.of(
                                ConditionKind.FEED_FAILING,
                                name,
                                Escalation.of(fault.failures(), fault.since(), now, true, Optional.empty()),
                                fault.since(),
                                fault.text())
                        .counting(fault.failures()));
            }
        }
        return all;
    }

    /** The messages that have been at one step for some seconds, at most 200. */
    List<Report.Step> steps() {
        Instant now = clock.instant();
        List<Report.Step> steps = new ArrayList<>();
        for (PipelineWatch.PipelinePass each : pipelines.at(instance, REPORTED_STEP)) {
            steps.add(new Report.Step(each.row().id(), each.row().port(), each.where(), now.minus(each.elapsed())));
        }
        for (DeliveryWatch.DeliveryProgress each : deliveries.at(instance, REPORTED_STEP)) {
            steps.add(new Report.Step(each.row().id(), each.row().port(), each.toString(), now.minus(each.elapsed())));
        }
        return steps.stream().limit(MAX_STEPS).toList();
    }

    /** The recent deliveries of the ports. */
    DeliveryHistory history() {
        return history;
    }
}
