package io.sendport.host.operate;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.LogLevel;
import io.sendport.host.box.control.LogLevels;
import io.sendport.host.observe.LogControl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sets the levels of loggers in running instances, for a limited time. Safe for use by several threads. */
public final class LogLevelOperations {

    /** The maximum time for which a level can be set. */
    public static final Duration MAX_DURATION = Duration.ofDays(7);

    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_.$-]{0,199}");
    private static final String OWN = "io.sendport";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 100;

    private final MessageBox box;

    LogLevelOperations(MessageBox box) {
        this.box = box;
    }

    /**
     * A level that an operator has set.
     *
     * @param logger the name of the logger, or {@code root}
     * @param level the level
     * @param until when the level ends
     * @param actor who set the level
     * @param reason why; may be empty
     * @param instances the running instances that apply the level
     * @param missing the running instances that do not apply it; an embedded engine leaves logging to its application
     */
    public record View(
            String logger,
            LogLevel level,
            Instant until,
            String actor,
            String reason,
            Set<String> instances,
            Set<String> missing) {}

    /**
     * Sets the level of a logger for {@code duration} from now. A level more verbose than INFO is allowed only for loggers of Sendport,
     * because libraries could write passwords and content.
     *
     * @param logger the name of the logger, or {@code root}
     * @param duration from 1 second to 7 days
     * @throws RefusedException when an argument is invalid or the level is not allowed
     */
    public void set(String logger, LogLevel level, Duration duration, Actor actor) {
        String name = logger.equalsIgnoreCase(LogControl.ROOT) ? LogControl.ROOT : logger;
        if (!NAME.matcher(name).matches() || name.endsWith(".")) {
            throw RefusedException.invalid("\"" + logger
                    + "\" is not the name of a logger; expected a name such as io.sendport.smtp, or root");
        }
        if (level.isVerbose() && !name.equals(OWN) && !name.startsWith(OWN + ".")) {
            throw RefusedException.invalid("logger " + name + " cannot be set to " + level
                    + ": only loggers below io.sendport can, because libraries may write passwords, addresses and content"
                    + " at that level; expected INFO or a less verbose level");
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(MAX_DURATION) > 0) {
            throw RefusedException.invalid("a level cannot last " + duration + "; expected PT1S to P7D");
        }
        box.logLevels()
                .set(new LogLevels.Setting(name, level, box.clock().instant().plus(duration), actor));
    }

    /**
     * Resets loggers to the levels that they had at the start.
     *
     * @param loggers the names of the loggers; empty for all
     * @return the loggers that had a level
     */
    public List<String> reset(Collection<String> loggers) {
        Collection<String> names = loggers.isEmpty() ? box.logLevels().levels().keySet() : loggers;
        List<String> removed = new ArrayList<>();
        for (String each : names) {
            if (box.logLevels().reset(each)) {
                removed.add(each);
            }
        }
        return removed;
    }

    /** Returns the levels that are set, with the instances that apply them. */
    public List<View> list() {
        Map<String, Optional<String>> applied = applied();
        return box.logLevels().list().stream()
                .map(each -> {
                    String wanted = each.logger() + "=" + each.level();
                    Set<String> with = applied.entrySet().stream()
                            .filter(one -> one.getValue()
                                    .filter(text -> List.of(text.split(" ")).contains(wanted))
                                    .isPresent())
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toCollection(TreeSet::new));
                    Set<String> without = new TreeSet<>(applied.keySet());
                    without.removeAll(with);
                    return new View(
                            each.logger(),
                            each.level(),
                            each.until(),
                            each.actor().name(),
                            each.actor().reason(),
                            with,
                            without);
                })
                .toList();
    }

    /**
     * Waits at most 10 seconds until all running instances that take levels apply the current ones.
     *
     * @return the instances that do not apply them yet
     * @throws InterruptedException when the thread is interrupted
     */
    public Set<String> await() throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        Set<String> missing = missing();
        while (!missing.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            missing = missing();
        }
        return missing;
    }

    private Set<String> missing() {
        String wanted = LogLevels.text(box.logLevels().levels());
        return applied().entrySet().stream()
                .filter(each ->
                        each.getValue().filter(text -> !text.equals(wanted)).isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of the running instances that take no levels, because an application embeds them. */
    public Set<String> embedded() {
        return applied().entrySet().stream()
                .filter(each -> each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, Optional<String>> applied() {
        Set<String> alive =
                box.instances().alive().stream().map(Instances.Instance::id).collect(Collectors.toSet());
        Map<String, Optional<String>> applied = box.logLevels().applied();
        applied.keySet().retainAll(alive);
        return applied;
    }
}
