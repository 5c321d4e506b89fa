package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.config.port.PortRetention;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How long data is kept, by port. For a port without a setting of its own, and for a port that is no longer configured, the settings of
 * the message box apply. Safe for use by several threads.
 */
public final class Retention {

    private final Duration bodies;
    private final Duration messages;
    private final Duration dedupeFor;
    private volatile Map<String, PortRetention> ports = Map.of();

    Retention(MessageBoxSettings settings) {
        this.bodies = settings.keepBodies();
        this.messages = settings.keepMessages();
        this.dedupeFor = settings.dedupeFor();
    }

    /** Applies the retention settings of the ports in {@code routing}. */
    public void applySettings(Routing routing) {
        Map<String, PortRetention> next = new HashMap<>();
        routing.ports().forEach((name, port) -> {
            if (!port.retention().equals(PortRetention.NONE)) {
                next.put(name, port.retention());
            }
        });
        ports = Map.copyOf(next);
    }

    private PortRetention of(String port) {
        return ports.getOrDefault(port, PortRetention.NONE);
    }

    /** How long bodies of messages at {@code port} are kept after the message has ended; zero to delete them at once. */
    Duration bodies(String port) {
        return of(port).bodies().orElse(bodies);
    }

    /** How long rows of ended messages at {@code port} are kept. */
    Duration messages(String port) {
        return of(port).messages().orElse(messages);
    }

    /** How long a dedupe key at {@code port} is kept. */
    Duration dedupeFor(String port) {
        return of(port).dedupeFor().orElse(dedupeFor);
    }

    /** How long rows are kept that do not belong to a port. */
    Duration messages() {
        return messages;
    }

    /** The current rule for bodies. */
    Rule forBodies() {
        return rule(bodies, PortRetention::bodies);
    }

    /** The current rule for rows of messages. */
    Rule forMessages() {
        return rule(messages, PortRetention::messages);
    }

    private Rule rule(Duration otherwise, Function<PortRetention, java.util.Optional<Duration>> own) {
        Map<String, Duration> exceptions = new HashMap<>();
        ports.forEach((port, retention) -> own.apply(retention)
                .filter(each -> !each.equals(otherwise))
                .ifPresent(each -> exceptions.put(port, each)));
        return new Rule(otherwise, Map.copyOf(exceptions));
    }

    /**
     * How long one kind of data is kept.
     *
     * @param otherwise the period for ports that are not in {@code ports}
     * @param ports the periods of the ports that differ
     */
    record Rule(Duration otherwise, Map<String, Duration> ports) {

        Duration of(String port) {
            return ports.getOrDefault(port, otherwise);
        }

        /** All durations, shortest first. */
        SortedSet<Duration> durations() {
            SortedSet<Duration> all = new TreeSet<>(ports.values());
            all.add(otherwise);
            return all;
        }
    }
}
