package io.sendport.host.operate;

import io.sendport.api.settings.ByteSize;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.config.port.ServiceWindow;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.PortStates;
import io.sendport.host.box.control.Report;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Escalation;
import io.sendport.host.condition.Severity;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Evaluates the conditions for operators: those that running instances report, and those that only the message box shows. Status, health,
 * metrics and all other interfaces show this list. Safe for use by several threads.
 */
public final class Conditions {

    private static final Comparator<Condition> WORST_FIRST = Comparator.comparing(Condition::severity)
            .reversed()
            .thenComparing(Condition::kind)
            .thenComparing(Condition::subject);

    private final Routing routing;
    private final MessageBox box;

    Conditions(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /** The values of the message box from which conditions and figures are computed. */
    record Snapshot(
            Instant now,
            List<Instances.Instance> open,
            List<Instances.Instance> alive,
            Map<String, MessageQueries.PortCounts> counts,
            Map<String, PortStates.StateChange> states,
            Map<String, MessageQueries.Retrying> retrying,
            Map<String, Report.Activity> activity) {

        MessageQueries.PortCounts at(String port) {
            return counts.getOrDefault(port, MessageQueries.PortCounts.NONE);
        }

        boolean runs(String host) {
            return alive.stream().anyMatch(each -> each.host().equals(host));
        }

        Set<String> ids() {
            return alive.stream().map(Instances.Instance::id).collect(Collectors.toCollection(LinkedHashSet::new));
        }

        Optional<Instant> lastDelivered(String port) {
            return Optional.ofNullable(activity.get(port)).map(Report.Activity::lastAt);
        }
    }

    /**
     * Returns the current conditions, the most severe first. Among equally severe ones, causes come before effects.
     *
     * @throws StoreException when the message box is unavailable
     */
    public List<Condition> now() {
        return evaluate(read());
    }

    /** Reads the message box. */
    Snapshot read() {
        List<Instances.Instance> open = box.instances().open();
        List<Instances.Instance> alive = box.instances().alive(open);
        Set<String> ids = alive.stream().map(Instances.Instance::id).collect(Collectors.toSet());
        return new Snapshot(
                box.clock().instant(),
                open,
                alive,
                box.queries().ports(),
                box.ports().changes(),
                box.queries().retrying(),
                box.reports().activity(ids));
    }

    /** Returns the conditions of a snapshot, sorted as {@link #now} returns them. */
    List<Condition> evaluate(Snapshot snapshot) {
        List<Condition> reported = Condition.merged(box.reports().conditions(snapshot.ids()));
        List<Condition> all = new ArrayList<>(reported);
        all.addAll(diskConditions(snapshot));
        all.addAll(instanceConditions(snapshot));
        all.addAll(stoppedMessageConditions());
        all.addAll(alertConditions(snapshot));
        if (snapshot.alive().isEmpty()) {
            // While an instance runs, the process that admits submissions reports this.
            all.addAll(outboxConditions(snapshot));
        }
        Set<String> explained = new HashSet<>();
        reported.stream().filter(each -> isCause(each.kind())).forEach(each -> explained.addAll(each.ports()));
        for (Routing.Port port : routing.ports().values()) {
            all.addAll(portConditions(port, snapshot, explained.contains(port.name())));
        }
        all.addAll(removedPortConditions(snapshot));
        return all.stream().sorted(WORST_FIRST).toList();
    }

    /** Whether a condition of this kind explains why messages of its ports wait. */
    private static boolean isCause(ConditionKind kind) {
        return switch (kind) {
            case PORT_MISCONFIGURED,
                    RELAY_UNREACHABLE,
                    RELAY_SILENT,
                    RELAY_REFUSES,
                    RELAY_CERTIFICATE_REFUSED,
                    RELAY_CERTIFICATE_DATES,
                    RELAY_TLS_MISSING,
                    PORT_PAUSED,
                    TOKEN_UNAVAILABLE,
                    CREDENTIAL_REFUSED,
                    COMPONENT_SLOW,
                    ORDER_BLOCKED -> true;
            default -> false;
        };
    }

    private List<Condition> diskConditions(Snapshot snapshot) {
        List<Condition> all = new ArrayList<>();
        String folder = routing.messageBox().folder().toString();
        long minFree = routing.messageBox().minFree();
        box.store().freeBytes().ifPresent(free -> {
            if (free < 2 * minFree) {
                all.add(Condition.of(
                        free < minFree ? ConditionKind.DISK_FULL : ConditionKind.DISK_LOW,
                        folder,
                        free < minFree ? Severity.FAILING : Severity.ATTENTION,
                        snapshot.now(),
                        ByteSize.format(free) + " free; submissions are refused below " + ByteSize.format(minFree)));
            }
        });
        OwnerOnly.wideMode(routing.messageBox().folder())
                .ifPresent(fault -> all.add(Condition.of(
                        ConditionKind.STORE_EXPOSED, "message box", Severity.ATTENTION, snapshot.now(), fault)));
        return all;
    }

    private List<Condition> outboxConditions(Snapshot snapshot) {
        try {
            return box.outbox().flatMap(outbox -> OutboxConditions.waiting(outbox, snapshot.now())).stream()
                    .toList();
        } catch (StoreException e) {
            // The database user of an auditor may not read the outbox.
            if (e.reason() == StoreException.Reason.FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }

    private List<Condition> instanceConditions(Snapshot snapshot) {
        List<Condition> all = new ArrayList<>();
        Map<String, Long> claimed = snapshot.open().size() == snapshot.alive().size()
                ? Map.of()
                : box.queries().claimed();
        Set<String> alive = snapshot.ids();
        for (Instances.Instance each : snapshot.open()) {
            if (!alive.contains(each.id())) {
                all.add(Condition.of(ConditionKind.INSTANCE_DIED, each.id(), Severity.ATTENTION, each.seenAt(), "")
                        .counting(claimed.getOrDefault(each.id(), 0L)));
            }
        }
        Map<String, List<Routing.Port>> hosts = routing.ports().values().stream()
                .collect(Collectors.groupingBy(Routing.Port::host, LinkedHashMap::new, Collectors.toList()));
        hosts.forEach((host, ports) -> {
            if (!snapshot.runs(host)) {
                all.add(noInstance(host, ports, snapshot));
            }
        });
        return all;
    }

    private static Condition noInstance(String host, List<Routing.Port> ports, Snapshot snapshot) {
        List<String> waiting = ports.stream()
                .map(Routing.Port::name)
                .filter(port -> snapshot.at(port).due() > 0)
                .toList();
        long count = waiting.stream().mapToLong(port -> snapshot.at(port).due()).sum();
        Instant since = waiting.stream()
                .flatMap(port -> snapshot.at(port).dueSince().stream())
                .min(Instant::compareTo)
                .orElse(snapshot.now());
        Severity severity = count == 0
                ? Severity.INFO
                : Escalation.of(Escalation.FAILURES, since, snapshot.now(), true, Optional.empty());
        return Condition.of(ConditionKind.NO_INSTANCE, host, severity, since, "")
                .counting(count)
                .at(waiting);
    }

    /** Suspended messages and messages in doubt, with one condition for each cause, across ports. */
    private List<Condition> stoppedMessageConditions() {
        record Cause(String text, boolean doubtful) {}
        Map<Cause, List<MessageQueries.NeedsOperator>> causes = new LinkedHashMap<>();
        box.queries().needingOperator().forEach(each -> causes.computeIfAbsent(
                        new Cause(Causes.of(each.error()), each.doubtful()), cause -> new ArrayList<>())
                .add(each));
        List<Condition> all = new ArrayList<>();
        causes.forEach((cause, each) -> {
            Set<String> ports = each.stream()
                    .map(MessageQueries.NeedsOperator::port)
                    .collect(Collectors.toCollection(TreeSet::new));
            ConditionKind kind = cause.doubtful() ? ConditionKind.MESSAGES_IN_DOUBT : ConditionKind.MESSAGES_SUSPENDED;
            all.add(Condition.of(
                            kind,
                            ConditionText.named(List.copyOf(ports)),
                            Severity.ATTENTION,
                            each.stream()
                                    .map(MessageQueries.NeedsOperator::since)
                                    .min(Instant::compareTo)
                                    .orElseThrow(),
                            each.get(0).error())
                    .counting(each.stream()
                            .mapToLong(MessageQueries.NeedsOperator::count)
                            .sum())
                    .at(ports));
        });
        return all;
    }

    /** Alerts that cannot be sent. They do not count as waiting deliveries. */
    private List<Condition> alertConditions(Snapshot snapshot) {
        return box.alerts().failing().stream()
                .map(each -> Condition.of(
                                ConditionKind.ALERTS_FAILING,
                                each.name(),
                                Escalation.of(each.tries(), each.since(), snapshot.now(), false, Optional.empty()),
                                each.since(),
                                each.error())
                        .counting(each.tries())
                        .until(each.nextAt()))
                .toList();
    }

    private List<Condition> portConditions(Routing.Port port, Snapshot snapshot, boolean isExplained) {
        String name = port.name();
        MessageQueries.PortCounts at = snapshot.at(name);
        PortStates.StateChange standing = snapshot.states()
                .getOrDefault(name, new PortStates.StateChange(port.initialState(), snapshot.now(), "", ""));
        List<Condition> all = new ArrayList<>();
        if (standing.state() != PortState.STARTED) {
            if (at.due() > 0) {
                all.add(Condition.of(
                                ConditionKind.PORT_STOPPED,
                                name,
                                Severity.ATTENTION,
                                standing.since(),
                                describe(standing))
                        .counting(at.due())
                        .at(List.of(name)));
            }
        } else if (snapshot.runs(port.host())) {
            boolean isRetrying =
                    !isExplained && retrying(name, snapshot).map(all::add).orElse(false);
            if (!isExplained && !isRetrying) {
                late(port, at, snapshot).ifPresent(all::add);
            }
        }
        silent(port, standing, snapshot).ifPresent(all::add);
        return all;
    }

    private static String describe(PortStates.StateChange standing) {
        return standing.state().word() + " since " + standing.since().truncatedTo(ChronoUnit.SECONDS)
                + (standing.actor().isEmpty() ? "" : " by " + standing.actor())
                + (standing.reason().isEmpty() ? "" : " (" + standing.reason() + ")");
    }

    private static Optional<Condition> retrying(String port, Snapshot snapshot) {
        return Optional.ofNullable(snapshot.retrying().get(port)).map(each -> Condition.of(
                        ConditionKind.MESSAGES_DEFERRED,
                        port,
                        deferredSeverity(each, snapshot.now(), snapshot.lastDelivered(port)),
                        each.oldest(),
                        each.lastError())
                .counting(each.count())
                .until(each.next())
                .at(List.of(port)));
    }

    /** Several messages after several attempts point to the relay. One message, or a first retry, may have a cause at the recipient. */
    private static Severity deferredSeverity(
            MessageQueries.Retrying each, Instant now, Optional<Instant> lastDelivered) {
        boolean isOfRelay = each.attempts() >= Escalation.FAILURES && each.count() > 1;
        return Escalation.of(each.attempts(), each.oldest(), now, isOfRelay, lastDelivered);
    }

    private static Optional<Condition> late(Routing.Port port, MessageQueries.PortCounts at, Snapshot snapshot) {
        Duration within = port.expectation().within();
        // If the window was closed when the period began, the messages were not late for the whole period.
        boolean opened = ServiceWindow.opensAt(
                        port.expectation().windows(), snapshot.now().minus(within))
                .isPresent();
        return at.dueSince()
                .filter(since ->
                        !opened && Duration.between(since, snapshot.now()).compareTo(within) > 0)
                .map(since -> Condition.of(
                                ConditionKind.MESSAGES_LATE,
                                port.name(),
                                Escalation.of(
                                        Escalation.FAILURES,
                                        since,
                                        snapshot.now(),
                                        true,
                                        snapshot.lastDelivered(port.name())),
                                since,
                                "the port is expected to deliver within " + within)
                        .counting(at.due())
                        .at(List.of(port.name())));
    }

    private Optional<Condition> silent(Routing.Port port, PortStates.StateChange standing, Snapshot snapshot) {
        if (!port.expectation().counts()) {
            return Optional.empty();
        }
        Instant since = port.expectation().countedSince(snapshot.now());
        long missing = port.expectation()
                .missing(snapshot.now(), standing.since(), box.reports().hours(port.name(), since));
        return missing == 0
                ? Optional.empty()
                : Optional.of(Condition.of(
                                ConditionKind.PORT_SILENT,
                                port.name(),
                                Severity.ATTENTION,
                                since,
                                (port.expectation().atLeast() - missing) + " of at least "
                                        + port.expectation().atLeast() + " since " + since)
                        .at(List.of(port.name())));
    }

    private List<Condition> removedPortConditions(Snapshot snapshot) {
        List<Condition> all = new ArrayList<>();
        snapshot.counts().forEach((name, at) -> {
            if (!routing.ports().containsKey(name)) {
                all.add(Condition.of(
                                ConditionKind.PORT_REMOVED,
                                name,
                                Severity.ATTENTION,
                                at.oldest().orElse(snapshot.now()),
                                "")
                        .counting(at.open())
                        .at(List.of(name)));
            }
        });
        return all;
    }
}
