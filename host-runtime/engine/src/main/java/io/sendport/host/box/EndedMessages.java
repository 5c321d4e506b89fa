package io.sendport.host.box;

import io.sendport.host.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds ended messages whose retention period is over, page by page, in the order in which they ended. For each period it remembers
 * the last message that it read, so that a run does not read the same messages again. For one thread at a time.
 */
final class EndedMessages {

    /** How many rows one query finds. */
    private static final int PAGE = 1_000;

    /** After this many runs it starts over, to find messages that ended while the clock was set back. Upkeep runs hourly. */
    private static final int RUNS = 24;

    private final Store store;
    private Map<Duration, Ended> places = new HashMap<>();
    private Optional<Retention.Rule> known = Optional.empty();
    private int runs;

    EndedMessages(Store store) {
        this.store = store;
    }

    /**
     * An ended message.
     *
     * @param seq its number
     * @param at when it ended, in milliseconds
     * @param port its port
     * @param hasBodies whether its bodies are still there
     */
    record Ended(long seq, long at, String port, boolean hasBodies) {}

    /** Passes to {@code to} the messages whose period under {@code rule} is over at {@code now}, page by page. */
    void eachPage(Retention.Rule rule, Instant now, Consumer<List<Ended>> to) {
        if (runs++ % RUNS == 0 || known.filter(rule::equals).isEmpty()) {
            places = new HashMap<>();
            known = Optional.of(rule);
        }
        for (Duration kept : rule.durations()) {
            long before = now.minus(kept).toEpochMilli();
            Ended place = places.getOrDefault(kept, new Ended(0, Long.MIN_VALUE, "", false));
            List<Ended> page = after(place, before);
            while (!page.isEmpty()) {
                to.accept(page.stream()
                        .filter(each -> rule.of(each.port()).equals(kept))
                        .toList());
                place = page.get(page.size() - 1);
                places.put(kept, place);
                page = after(place, before);
            }
        }
    }

    private List<Ended> after(Ended place, long before) {
        return store.read(handle -> handle.createQuery("SELECT m.seq, m.ended_at, m.port,"
                        + " EXISTS (SELECT 1 FROM part p WHERE p.message_seq = m.seq) FROM message m"
                        + " WHERE m.ended_at < ? AND m.ended_at >= ? AND (m.ended_at > ? OR m.seq > ?)"
                        + " ORDER BY m.ended_at, m.seq LIMIT ?")
                .bind(0, before)
                .bind(1, place.at())
                .bind(2, place.at())
                .bind(3, place.seq())
                .bind(4, PAGE)
                .map((row, context) -> new Ended(row.getLong(1), row.getLong(2), row.getString(3), row.getBoolean(4)))
                .list());
    }
}
