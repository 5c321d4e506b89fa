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
 * Something that an operator should know of.
 *
 * @param kind what it is
 * @param subject what it is about
 * @param severity how much it matters
 * @param since when it began, as far as that is known
 * @param count how often it happened, or how many messages it concerns; 0 where there is nothing to count
 * @param detail what a server, the system or the program said; may be empty. At most 1,000 characters, control characters made visible,
 *     without secrets and content
 * @param until when the next attempt is, or something ends by itself; empty where that does not apply
 * @param ports whose messages it concerns
 * @param instances which tell it; empty where the message box shows it
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

    private static final int LONGEST = 1_000;

    /**
     * Copies the sets.
     *
     * @throws IllegalArgumentException when a condition of this kind is about something else
     */
    public Condition {
        if (subject.type() != kind.subject()) {
            throw new IllegalArgumentException(kind + " is about a " + kind.subject() + ", not about " + subject);
        }
        detail = Text.printable(detail, LONGEST);
        ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
        instances = Collections.unmodifiableSortedSet(new TreeSet<>(instances));
    }

    /** One that concerns no port and has nothing to count. */
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

    /** This one, about a number of things. */
    public Condition counting(long number) {
        return new Condition(kind, subject, severity, since, number, detail, until, ports, instances);
    }

    /** This one, with the time of the next attempt. */
    public Condition until(Instant at) {
        return new Condition(kind, subject, severity, since, count, detail, Optional.of(at), ports, instances);
    }

    /** This one, for messages of these ports. */
    public Condition at(Collection<String> those) {
        return new Condition(kind, subject, severity, since, count, detail, until, new TreeSet<>(those), instances);
    }

    /** This one, as {@code instance} tells it. */
    public Condition toldBy(String instance) {
        return new Condition(
                kind, subject, severity, since, count, detail, until, ports, new TreeSet<>(Set.of(instance)));
    }

    /** Each kind once for each subject, in the order in which they are first named; see {@link #and}. */
    public static List<Condition> merged(Collection<Condition> all) {
        Map<Subject, Map<ConditionKind, Condition>> merged = new LinkedHashMap<>();
        all.forEach(each -> merged.computeIfAbsent(each.subject, subject -> new LinkedHashMap<>())
                .merge(each.kind, each, Condition::and));
        return merged.values().stream()
                .flatMap(kinds -> kinds.values().stream())
                .toList();
    }

    /** Whether it is the same thing about the same subject. */
    public boolean isSameAs(Condition other) {
        return kind == other.kind && subject.equals(other.subject);
    }

    /**
     * One condition for what two instances tell of the same thing: the worse severity, the earlier time, all ports.
     *
     * @throws IllegalArgumentException when the two are not the same thing
     */
    public Condition and(Condition other) {
        if (!isSameAs(other)) {
            throw new IllegalArgumentException(subject + " and " + other.subject + " are two things");
        }
        Condition worse = other.severity.compareTo(severity) > 0 ? other : this;
        SortedSet<String> allPorts = new TreeSet<>(ports);
        allPorts.addAll(other.ports);
        SortedSet<String> all = new TreeSet<>(instances);
        all.addAll(other.instances);
        return new Condition(
                kind,
                subject,
                worse.severity,
                since.isBefore(other.since) ? since : other.since,
                count + other.count,
                worse.detail,
                worse.until,
                allPorts,
                all);
    }
}
