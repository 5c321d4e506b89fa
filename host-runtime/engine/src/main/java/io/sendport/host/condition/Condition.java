package io.sendport.host.condition;

import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A problem or an event that an operator should know about.
 *
 * @param kind the kind of the condition
 * @param subject the port, server, instance or other subject that it concerns
 * @param severity how much it matters
 * @param since when it started, as far as known
 * @param count how often it happened, or how many messages it concerns; 0 when there is nothing to count
 * @param detail the text of a server, the system or the program; may be empty. At most 1,000 characters, with control
 *     characters made visible, and without secrets or message content
 * @param until when the next attempt is due, or when the condition ends automatically; empty if not applicable
 * @param ports the ports whose messages it concerns
 * @param instances the instances that report it; empty when the condition was read from the message box
 */
public record Condition(
        ConditionKind kind,
        Subject subject,
        Severity severity,
        Instant since,
        long count,
        String detail,
        Optional<Instant> until,
        SortedSet<String> ports,
        SortedSet<String> instances) {

    private static final int MAX_LENGTH = 1_000;

    /**
     * Copies the sets, and shortens the detail.
     *
     * @throws IllegalArgumentException when the subject has the wrong type for this kind
     */
    public Condition {
        if (subject.type() != kind.subject()) {
            throw new IllegalArgumentException(
                    kind + " requires a subject of type " + kind.subject() + ", not " + subject);
        }
        detail = Text.printable(detail, MAX_LENGTH);
        ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
        instances = Collections.unmodifiableSortedSet(new TreeSet<>(instances));
    }

    /** Creates a condition without ports and without a count. */
    public static Condition of(ConditionKind kind, String subject, Severity severity, Instant since, String detail) {
        return new Condition(
                kind,
                new Subject(kind.subject(), subject),
                severity,
                since,
                0,
                detail,
                Optional.empty(),
                new TreeSet<>(),
                new TreeSet<>());
    }

    /** Returns a copy with this count. */
    public Condition counting(long number) {
        return new Condition(kind, subject, severity, since, number, detail, until, ports, instances);
    }

    /** Returns a copy with the time of the next attempt. */
    public Condition until(Instant at) {
        return new Condition(kind, subject, severity, since, count, detail, Optional.of(at), ports, instances);
    }

    /** Returns a copy that concerns messages of these ports. */
    public Condition at(Collection<String> portNames) {
        return new Condition(kind, subject, severity, since, count, detail, until, new TreeSet<>(portNames), instances);
    }

    /** Returns a copy that {@code instance} reports. */
    public Condition reportedBy(String instance) {
        return new Condition(
                kind, subject, severity, since, count, detail, until, ports, new TreeSet<>(Set.of(instance)));
    }

    /** Merges conditions of the same kind and subject, in the order of their first occurrence; see {@link #and}. */
    public static List<Condition> merged(Collection<Condition> all) {
        Map<Subject, Map<ConditionKind, Condition>> merged = new LinkedHashMap<>();
        all.forEach(each -> merged.computeIfAbsent(each.subject, subject -> new LinkedHashMap<>())
                .merge(each.kind, each, Condition::and));
        return merged.values().stream()
                .flatMap(kinds -> kinds.values().stream())
                .toList();
    }

    /** Returns whether both have the same kind and subject. */
    public boolean isSameAs(Condition other) {
        return kind == other.kind && subject.equals(other.subject);
    }

    /**
     * Merges the reports of two instances: the worse severity with its detail, the earlier start, the sum of the counts, and all ports.
     *
     * @throws IllegalArgumentException when kind or subject differ
     */
    public Condition and(Condition other) {
        if (!isSameAs(other)) {
            throw new IllegalArgumentException(subject + " and " + other.subject + " are different conditions");
        }
        Condition worse = other.severity.compareTo(severity) > 0 ? other : this;
        SortedSet<String> allPorts = new TreeSet<>(ports);
        allPorts.addAll(other.ports);
        SortedSet<String> allInstances = new TreeSet<>(instances);
        allInstances.addAll(other.instances);
        return new Condition(
                kind,
                subject,
                worse.severity,
                since.isBefore(other.since) ? since : other.since,
                count + other.count,
                worse.detail,
                worse.until,
                allPorts,
                allInstances);
    }
}
