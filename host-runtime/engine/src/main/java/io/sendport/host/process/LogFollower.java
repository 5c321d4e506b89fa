package io.sendport.host.process;

import io.sendport.host.box.control.LogLevel;
import io.sendport.host.box.control.LogLevels;
import io.sendport.host.observe.LogControl;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the log levels that operators set, and reports them as applied for each instance of this process. For one thread at a time. */
final class LogFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);

    private final LogLevels levels;
    private final Supplier<? extends Collection<HostInstance>> instances;
    private final LogControl control;
    private SortedMap<String, LogLevel> applied = new TreeMap<>();
    private Set<String> reported = Set.of();

    LogFollower(LogLevels levels, Supplier<? extends Collection<HostInstance>> instances, LogControl control) {
        this.levels = levels;
        this.instances = instances;
        this.control = control;
    }

    /** Reads the requested levels and applies changes. Writes to the message box only after a change, or for a new instance. */
    synchronized void follow() {
        List<LogLevels.Setting> settings = levels.list();
        SortedMap<String, LogLevel> wanted = new TreeMap<>();
        settings.forEach(each -> wanted.put(each.logger(), each.level()));
        boolean changed = !wanted.equals(applied);
        if (changed) {
            control.apply(wanted);
            settings.stream()
                    .filter(each -> each.level() != applied.get(each.logger()))
                    .forEach(each -> LOG.warn(
                            "The log level of {} is {} until {}, set by {}",
                            each.logger(),
                            each.level(),
                            each.until(),
                            each.actor().name()));
            applied.keySet().stream()
                    .filter(each -> !wanted.containsKey(each))
                    .forEach(each -> LOG.warn("The log level of {} was reset to its initial level", each));
            applied = wanted;
        }
        Set<String> running = new TreeSet<>();
        instances.get().forEach(each -> running.add(each.id()));
        Set<String> due = changed ? running : difference(running, reported);
        due.forEach(each -> levels.applied(each, wanted));
        reported = running;
    }

    private static Set<String> difference(Set<String> all, Set<String> known) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(known);
        return rest;
    }

    /** Restores the levels that the loggers had at the start. */
    @Override
    public synchronized void close() {
        control.apply(Map.of());
    }
}
