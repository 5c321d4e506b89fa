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
 * The conditions for operators: those that running instances report, and those that only the message box shows. Status, health,
 * metrics and all other interfaces show this list.
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

    /** One reading of the message box, for conditions and figures. */
    record Seen(
            Instant now,
            List<Instances.Instance> open,
            List<Instances.Instance> alive,
            Map<String, MessageQueries.PortCounts> counts,
            Map<String, PortStates.Standing> states,
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
     * The present conditions, the most severe first and causes before effects.
     *
     * @throws StoreException when the message box is unavailable
     */
    public List<Condition> now() {
        return of(look());
    }

    /** Reads the message box. */
    Seen look() {
        List<Instances.Instance> open = box.instances().open();
        List<Instances.Instance> alive = box.instances().alive(open);
        Set<String> ids = alive.stream().map(Instances.Instance::id).collect(Collectors.toSet());
        return new Seen(
                box.clock().instant(),
                open,
                alive,
                box.queries().ports(),
                box.ports().standings(),
                box.queries().retrying(),
                box.reports().activity(ids));
    }

    /** The conditions that a reading shows. */
    List<Condition> of(Seen seen) {
        List<Condition> reported = Condition.merged(box.reports().conditions(seen.ids()));
        List<Condition> all = new ArrayList<>(reported);
        all.addAll(ofTheDisk(seen));
        all.addAll(ofInstances(seen));
        all.addAll(stopped());
        all.addAll(ofAlerts(seen));
        if (seen.alive().isEmpty()) {
            // Otherwise the host that admits submissions reports them.
            all.addAll(ofTheOutbox(seen));
        }
        Set<String> explained = new HashSet<>();
        reported.stream().filter(each -> isCause(each.kind())).forEach(each -> explained.addAll(each.ports()));
        for (Routing.Port port : routing.ports().values()) {
            all.addAll(ofPort(port, seen, explained.contains(port.name())));
        }
        all.addAll(ofPortsThatAreGone(seen));
        return all.stream().sorted(WORST_FIRST).toList();
    }

    /** Whether it explains why messages of its ports wait. */
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

    private List<Condition> ofTheDisk(Seen seen) {
        List<Condition> all = new ArrayList<>();
        String folder = routing.messageBox().folder().toString();
        long least = routing.messageBox().minFree();
        box.store().freeBytes().ifPresent(free -> {
            if (free < 2 * least) {
                all.add(Condition.of(
                        free < least ? ConditionKind.DISK_FULL : ConditionKind.DISK_LOW,
                        folder,
                        free < least ? Severity.FAILING : Severity.ATTENTION,
                        seen.now(),
                        ByteSize.format(free) + " free; submissions are refused below " + ByteSize.format(least)));
            }
        });
        OwnerOnly.wideMode(routing.messageBox().folder())
                .ifPresent(fault -> all.add(Condition.of(
                        ConditionKind.STORE_EXPOSED, "message box", Severity.ATTENTION, seen.now(), fault)));
        return all;
    }

    private List<Condition> ofTheOutbox(Seen seen) {
        try {
            return box.outbox().flatMap(outbox -> OutboxConditions.waiting(outbox, seen.now())).stream()
                    .toList();
        } catch (StoreException e) {
            // An auditor may not read the outbox.
            if (e.reason() == StoreException.Reason.FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }

    private List<Condition> ofInstances(Seen seen) {
        List<Condition> all = new ArrayList<>();
        Map<String, Long> inHand = seen.open().size() == seen.alive().size()
                ? Map.of()
                : box.queries().inHand();
        Set<String> alive = seen.ids();
        for (Instances.Instance each : seen.open()) {
            if (!alive.contains(each.id())) {
                all.add(Condition.of(ConditionKind.INSTANCE_DIED, each.id(), Severity.ATTENTION, each.seenAt(), "")
                        .counting(inHand.getOrDefault(each.id(), 0L)));
            }
        }
        Map<String, List<Routing.Port>> hosts = routing.ports().values().stream()
                .collect(Collectors.groupingBy(Routing.Port::host, LinkedHashMap::new, Collectors.toList()));
        hosts.forEach((host, ports) -> {
            if (!seen.runs(host)) {
                all.add(noInstance(host, ports, seen));
            }
        });
        return all;
    }

    private static Condition noInstance(String host, List<Routing.Port> ports, Seen seen) {
        List<String> waiting = ports.stream()
                .map(Routing.Port::name)
                .filter(port -> seen.at(port).due() > 0)
                .toList();
        long count = waiting.stream().mapToLong(port -> seen.at(port).due()).sum();
        Instant since = waiting.stream()
                .flatMap(port -> seen.at(port).dueSince().stream())
                .min(Instant::compareTo)
                .orElse(seen.now());
        Severity severity = count == 0
                ? Severity.INFO
                : Escalation.of(Escalation.FAILURES, since, seen.now(), true, Optional.empty());
        return Condition.of(ConditionKind.NO_INSTANCE, host, severity, since, "")
                .counting(count)
                .at(waiting);
    }

    /** Suspended messages and messages in doubt, one condition for each cause, across ports and messages. */
    private List<Condition> stopped() {
        record Cause(String text, boolean doubtful) {}
        Map<Cause, List<MessageQueries.Stopped>> causes = new LinkedHashMap<>();
        box.queries().stopped().forEach(each -> causes.computeIfAbsent(
                        new Cause(Causes.of(each.error()), each.doubtful()), cause -> new ArrayList<>())
                .add(each));
        List<Condition> all = new ArrayList<>();
        causes.forEach((cause, each) -> {
            Set<String> ports =
                    each.stream().map(MessageQueries.Stopped::port).collect(Collectors.toCollection(TreeSet::new));
            ConditionKind kind = cause.doubtful() ? ConditionKind.MESSAGES_IN_DOUBT : ConditionKind.MESSAGES_SUSPENDED;
            all.add(Condition.of(
                            kind,
                            ConditionText.named(List.copyOf(ports)),
                            Severity.ATTENTION,
                            each.stream()
                                    .map(MessageQueries.Stopped::since)
                                    .min(Instant::compareTo)
                                    .orElseThrow(),
                            each.get(0).error())
                    .counting(each.stream()
                            .mapToLong(MessageQueries.Stopped::count)
                            .sum())
                    .at(ports));
        });
        return all;
    }

    /** Alerts that nobody receives are no failure of the deliveries. */
    private List<Condition> ofAlerts(Seen seen) {
        return box.alerts().failing().stream()
                .map(each -> Condition.of(
                                ConditionKind.ALERTS_FAILING,
                                each.name(),
                                Escalation.of(each.tries(), each.since(), seen.now(), false, Optional.empty()),
                                each.since(),
                                each.error())
                        .counting(each.tries())
                        .until(each.nextAt()))
                .toList();
    }

    private List<Condition> ofPort(Routing.Port port, Seen seen, boolean isExplained) {
        String name = port.name();
        MessageQueries.PortCounts at = seen.at(name);
        PortStates.Standing standing =
                seen.states().getOrDefault(name, new PortStates.Standing(port.initialState(), seen.now(), "", ""));
        List<Condition> all = new ArrayList<>();
        if (standing.state() != PortState.STARTED) {
            if (at.due() > 0) {
                all.add(Condition.of(
                                ConditionKind.PORT_STOPPED, name, Severity.ATTENTION, standing.since(), words(standing))
                        .counting(at.due())
                        .at(List.of(name)));
            }
        } else if (seen.runs(port.host())) {
            boolean isRetrying =
                    !isExplained && retrying(name, seen).map(all::add).orElse(false);
            if (!isExplained && !isRetrying) {
                late(port, at, seen).ifPresent(all::add);
            }
        }
        silent(port, standing, seen).ifPresent(all::add);
        return all;
    }

    private static String words(PortStates.Standing standing) {
        return standing.state().word() + " since " + standing.since()
                + (standing.actor().isEmpty() ? "" : " by " + standing.actor())
                + (standing.reason().isEmpty() ? "" : " (" + standing.reason() + ")");
    }

    private static Optional<Condition> retrying(String port, Seen seen) {
        return Optional.ofNullable(seen.retrying().get(port)).map(each -> Condition.of(
                        ConditionKind.MESSAGES_DEFERRED,
                        port,
                        deferred(each, seen.now(), seen.lastDelivered(port)),
                        each.oldest(),
                        each.lastError())
                .counting(each.count())
                .until(each.next())
                .at(List.of(port)));
    }

    /** One message, or a first retry, can be specific to the recipient: a full mailbox, a greylisting. */
    private static Severity deferred(MessageQueries.Retrying each, Instant now, Optional<Instant> lastDelivered) {
        boolean isOfRelay = each.attempts() >= Escalation.FAILURES && each.count() > 1;
        return Escalation.of(each.attempts(), each.oldest(), now, isOfRelay, lastDelivered);
    }

    private static Optional<Condition> late(Routing.Port port, MessageQueries.PortCounts at, Seen seen) {
        Duration within = port.expectation().within();
        // Messages that waited for the window have not been late for that long yet.
        boolean opened = ServiceWindow.opensAt(
                        port.expectation().windows(), seen.now().minus(within))
                .isPresent();
        return at.dueSince()
                .filter(since -> !opened && Duration.between(since, seen.now()).compareTo(within) > 0)
                .map(since -> Condition.of(
                                ConditionKind.MESSAGES_LATE,
                                port.name(),
                                Escalation.of(
                                        Escalation.FAILURES, since, seen.now(), true, seen.lastDelivered(port.name())),
                                since,
                                "the port is expected to deliver within " + within)
                        .counting(at.due())
                        .at(List.of(port.name())));
    }

    private Optional<Condition> silent(Routing.Port port, PortStates.Standing standing, Seen seen) {
        if (!port.expectation().counts()) {
            return Optional.empty();
        }
        Instant since = port.expectation().countedSince(seen.now());
        long missing = port.expectation()
                .missing(seen.now(), standing.since(), box.reports().hours(port.name(), since));
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

    private List<Condition> ofPortsThatAreGone(Seen seen) {
        List<Condition> all = new ArrayList<>();
        seen.counts().forEach((name, at) -> {
            if (!routing.ports().containsKey(name)) {
                all.add(Condition.of(
                                ConditionKind.PORT_REMOVED,
                                name,
                                Severity.ATTENTION,
                                at.oldest().orElse(seen.now()),
                                "")
                        .counting(at.open())
                        .at(List.of(name)));
            }
        });
        return all;
    }
}
