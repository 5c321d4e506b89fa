package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.control.Report;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Writes the conditions of the instances of this process to the message box, for commands in other processes. Writes at once when a
 * condition starts, ends or changes its severity, and after some seconds when only numbers or texts change. For one thread at a time.
 */
final class ConditionReports {

    /** The minimum interval between writes when only numbers or texts change. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(5);

    /** The maximum number of conditions that an instance reports. The rest is summarized by kind. */
    static final int MAX_CONDITIONS = 200;

    private final MessageBox box;
    private final HostInstances instances;
    private final ProcessConditions process;
    private final LongSupplier nanos;
    private final Map<String, Published> published = new HashMap<>();

    private record Published(Report report, long at) {}

    ConditionReports(MessageBox box, HostInstances instances, ProcessConditions process, LongSupplier nanos) {
        this.box = box;
        this.instances = instances;
        this.process = process;
        this.nanos = nanos;
    }

    /** Collects the conditions of the running instances, and writes those that have changed. */
    void publish(Map<String, MessageQueries.PortCounts> counts) {
        List<HostInstance> running = instances.running();
        Map<String, Report> reports = reports(running, counts);
        for (HostInstance instance : running) {
            Report report = reports.getOrDefault(instance.id(), Report.NOTHING);
            if (isDue(instance.id(), report)) {
                Map<String, Long> sent = instance.conditions().history().takeDelivered();
                Instant now = box.clock().instant();
                try {
                    box.reports().publish(instance.id(), report, sent, now);
                } catch (RuntimeException e) {
                    instance.conditions().history().restoreDelivered(sent);
                    throw e;
                }
                published.put(instance.id(), new Published(report, nanos.getAsLong()));
            }
        }
        published.keySet().retainAll(reports.keySet());
    }

    private boolean isDue(String instance, Report report) {
        Published last = published.get(instance);
        if (last == null) {
            return true;
        }
        if (report.equals(last.report())) {
            return false;
        }
        return !outline(report).equals(outline(last.report()))
                || nanos.getAsLong() - last.at() >= MIN_INTERVAL.toNanos();
    }

    /** The conditions without numbers and texts; a difference is written at once. */
    private static Set<Object> outline(Report report) {
        return report.conditions().stream()
                .map(each -> List.of(each.kind(), each.subject(), each.severity(), each.ports()))
                .collect(Collectors.toSet());
    }

    /** The conditions that this process knows without a query to the message box. */
    List<Condition> inMemory(Map<String, MessageQueries.PortCounts> counts) {
        List<HostInstance> running = instances.running();
        return running.isEmpty()
                ? process.now()
                : reports(running, counts).values().stream()
                        .flatMap(each -> each.conditions().stream())
                        .toList();
    }

    private Map<String, Report> reports(List<HostInstance> running, Map<String, MessageQueries.PortCounts> counts) {
        Map<String, Report> reports = new HashMap<>();
        List<Condition> ofProcess = process.now();
        for (HostInstance instance : running) {
            List<Condition> conditions = new ArrayList<>(instance.conditions()
                    .now(port -> counts.getOrDefault(port, MessageQueries.PortCounts.NONE)
                                    .due()
                            > 0));
            if (reports.isEmpty()) {
                conditions.addAll(ofProcess);
            }
            reports.put(
                    instance.id(),
                    new Report(
                            bounded(conditions).stream()
                                    .map(each -> each.reportedBy(instance.id()))
                                    .toList(),
                            instance.conditions().steps(),
                            instance.conditions().history().activity()));
        }
        return reports;
    }

    /** The most severe conditions, and one summary of the rest for each kind. */
    static List<Condition> bounded(List<Condition> all) {
        if (all.size() <= MAX_CONDITIONS) {
            return all;
        }
        int kept = MAX_CONDITIONS - ConditionKind.values().length;
        List<Condition> sorted = all.stream()
                .sorted(Comparator.comparing(Condition::severity).reversed())
                .toList();
        List<Condition> bounded = new ArrayList<>(sorted.subList(0, kept));
        sorted.subList(kept, sorted.size()).stream()
                .collect(Collectors.groupingBy(Condition::kind))
                .forEach((kind, rest) -> bounded.add(summarize(kind, rest)));
        return bounded;
    }

    private static Condition summarize(ConditionKind kind, List<Condition> rest) {
        Set<String> ports = rest.stream().flatMap(each -> each.ports().stream()).collect(Collectors.toSet());
        Severity worst =
                rest.stream().map(Condition::severity).max(Severity::compareTo).orElseThrow();
        return new Condition(
                kind,
                new Subject(kind.subject(), rest.size() + " more"),
                worst,
                rest.stream().map(Condition::since).min(Instant::compareTo).orElseThrow(),
                rest.stream().mapToLong(Condition::count).sum(),
                "",
                Optional.empty(),
                new TreeSet<>(ports),
                new TreeSet<>());
    }
}
