package io.sendport.host.box;

import io.sendport.support.Wildcard;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Counts messages by port and state without reading their rows, because there may be millions. One index counts the ended messages of a
 * port. Another counts those that were consumed or terminated. The difference is the number of messages that are done.
 */
final class StateCounts {

    private static final Set<String> FIELDS = Set.of("port", "state");

    private StateCounts() {}

    /** Whether it can count the messages of this filter by these fields. */
    static boolean canCount(MessageFilter filter, List<String> fields) {
        return FIELDS.containsAll(fields)
                && filter.equals(MessageFilter.in(filter.states()).of(filter.ports()));
    }

    /** The numbers by the values of {@code fields}, the largest first. */
    static Map<List<String>, Long> of(Handle handle, MessageFilter filter, List<String> fields) {
        Map<List<String>, Long> counts = new HashMap<>();
        List<Pattern> ports = filter.ports().stream().map(Wildcard::pattern).toList();
        byPort(handle).forEach((port, states) -> {
            if (ports.isEmpty()
                    || ports.stream().anyMatch(each -> each.matcher(port).matches())) {
                states.forEach((state, count) -> {
                    if (count > 0
                            && (filter.states().isEmpty() || filter.states().contains(state))) {
                        counts.merge(key(fields, port, state), count, Long::sum);
                    }
                });
            }
        });
        Map<List<String>, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Long>comparingByValue()
                        .reversed()
                        .thenComparing(each -> each.getKey().toString()))
                .forEach(each -> sorted.put(each.getKey(), each.getValue()));
        return sorted;
    }

    private static List<String> key(List<String> fields, String port, MessageState state) {
        return fields.stream()
                .map(field -> field.equals("port") ? port : state.word())
                .toList();
    }

    private static Map<String, Map<MessageState, Long>> byPort(Handle handle) {
        Map<String, Map<MessageState, Long>> ports = new HashMap<>();
        PortCounting.of(handle).forEach((port, open) -> ports.put(port, new HashMap<>(open.counts())));
        handle.createQuery("SELECT port, count(*) FROM message WHERE ended_at IS NOT NULL GROUP BY port")
                .map((row, context) -> add(ports, row.getString(1), MessageState.DONE, row.getLong(2)))
                .list();
        handle.createQuery("SELECT port, state, count(*) FROM message WHERE " + MessageFilter.ENDED_UNDELIVERED
                        + " GROUP BY port, state")
                .map((row, context) -> {
                    add(ports, row.getString(1), MessageState.DONE, -row.getLong(3));
                    return add(ports, row.getString(1), MessageState.valueOf(row.getString(2)), row.getLong(3));
                })
                .list();
        return ports;
    }

    private static long add(Map<String, Map<MessageState, Long>> ports, String port, MessageState state, long count) {
        return ports.computeIfAbsent(port, name -> new HashMap<>()).merge(state, count, Long::sum);
    }
}
