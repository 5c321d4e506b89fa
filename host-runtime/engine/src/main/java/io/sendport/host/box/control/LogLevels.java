package io.sendport.host.box.control;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Passes levels of loggers from a command to running instances. Each level lapses at a given time. */
public final class LogLevels {

    private final Store store;
    private final Clock clock;

    /** The levels in {@code store}. */
    public LogLevels(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A level that an operator set.
     *
     * @param logger the logger's name, or {@code root}
     * @param level its level
     * @param until when the level lapses
     * @param actor who set it, and why
     */
    public record Setting(String logger, LogLevel level, Instant until, Actor actor) {}

    /** Sets a level, and replaces an earlier level of the same logger. */
    public void set(Setting setting) {
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "INSERT INTO log_level (logger, level, until, actor, reason) VALUES (?, ?, ?, ?, ?) ON CONFLICT (logger)"
                                + " DO UPDATE SET level = excluded.level, until = excluded.until, actor = excluded.actor,"
                                + " reason = excluded.reason",
                        setting.logger(),
                        setting.level().name(),
                        setting.until().toEpochMilli(),
                        setting.actor().name(),
                        setting.actor().reason()));
    }

    /** Removes the level of {@code logger}; returns whether it had one. */
    public boolean reset(String logger) {
        return store.write(
                transaction -> transaction.handle().execute("DELETE FROM log_level WHERE logger = ?", logger) > 0);
    }

    /** The levels that have not lapsed, by name of the logger. */
    public List<Setting> list() {
        return store.readWithShortTimeout(handle -> handle.createQuery(
                        "SELECT logger, level, until, actor, reason FROM log_level WHERE until > ? ORDER BY logger")
                .bind(0, clock.millis())
                .map((row, context) -> new Setting(
                        row.getString(1),
                        LogLevel.valueOf(row.getString(2)),
                        Instant.ofEpochMilli(row.getLong(3)),
                        new Actor(row.getString(4), row.getString(5))))
                .list());
    }

    /** The levels of {@link #list}, by name of the logger. */
    public SortedMap<String, LogLevel> levels() {
        SortedMap<String, LogLevel> levels = new TreeMap<>();
        list().forEach(each -> levels.put(each.logger(), each.level()));
        return levels;
    }

    /** Stores the levels that {@code instance} applies now, and deletes levels that have lapsed. */
    public void applied(String instance, SortedMap<String, LogLevel> levels) {
        store.change(transaction -> {
            transaction.handle().execute("UPDATE instance SET log_levels = ? WHERE id = ?", text(levels), instance);
            transaction.handle().execute("DELETE FROM log_level WHERE until <= ?", clock.millis());
        });
    }

    /** The levels that each instance applies that has not ended, as {@link #text} writes them; empty if it does not take levels. */
    public Map<String, Optional<String>> applied() {
        Map<String, Optional<String>> applied = new LinkedHashMap<>();
        store.readWithShortTimeout(handle -> handle.createQuery(
                                "SELECT id, log_levels FROM instance WHERE stopped_at IS NULL ORDER BY id")
                        .map((row, context) -> Map.entry(row.getString(1), Optional.ofNullable(row.getString(2))))
                        .list())
                .forEach(each -> applied.put(each.getKey(), each.getValue()));
        return applied;
    }

    /** Writes levels as {@code name=LEVEL}, separated by spaces. */
    public static String text(SortedMap<String, LogLevel> levels) {
        return String.join(
                " ",
                levels.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList());
    }
}
