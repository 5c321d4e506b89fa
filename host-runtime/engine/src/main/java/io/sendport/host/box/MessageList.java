package io.sendport.host.box;

import io.sendport.api.message.Context;
import io.sendport.host.box.json.ContextJson;
import io.sendport.host.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The messages that a filter selects, newest first. Reads one page at a time, so that a slow reader does not hold a snapshot. */
public final class MessageList {

    private static final int PAGE = 1_000;
    /** The number of messages that the first query of a page scans; each later one scans twice as many as the one before. */
    private static final long FIRST_STRETCH = 2_000;

    private static final long MAX_STRETCH = 50_000;
    /** The number of ports and phases up to which the newest messages of each are read by index, and then merged. */
    private static final int MERGED = 200;
    /** The number of rows up to which these parts are read. */
    private static final long MERGED_ROWS = 50_000;
    /** Of the time for a page, the share that finding the numbers of a time may take: one fourth. */
    private static final int PART_FOR_TIMES = 4;

    private final Store store;
    private final MessageFilter filter;
    private final long firstStretch;
    private Optional<MessageFilter.Resolved> resolved = Optional.empty();

    MessageList(Store store, MessageFilter filter) {
        this(store, filter, FIRST_STRETCH);
    }

    /** @param firstStretch the number of messages that the first query of a page scans, from 1 */
    MessageList(Store store, MessageFilter filter, long firstStretch) {
        this.store = store;
        this.filter = filter;
        this.firstStretch = firstStretch;
    }

    /** All messages, oldest first; with a limit, the newest ones. */
    List<MessageRow> newest(Optional<Integer> limit) {
        int most = limit.orElse(Integer.MAX_VALUE);
        List<MessageRow> rows = new ArrayList<>();
        List<Found> page = before(Long.MAX_VALUE);
        while (!page.isEmpty() && rows.size() < most) {
            page.stream()
                    .filter(each -> filter.accepts(each.context()))
                    .limit(most - rows.size())
                    .forEach(each -> rows.add(each.row()));
            page = page.size() < PAGE
                    ? List.of()
                    : before(page.get(page.size() - 1).row().seq());
        }
        Collections.reverse(rows);
        return rows;
    }

    /**
     * One page, newest first.
     *
     * @param rows the messages that fit
     * @param next the next page starts before this {@link MessageRow#seq}; empty at the end
     * @param isWhole false when the time was over before the page was full
     */
    public record Page(List<MessageRow> rows, OptionalLong next, boolean isWhole) {}

    /**
     * Up to {@code most} messages that fit the filter and precede {@code before}, newest first. Returns what it finds within
     * {@code patience}.
     */
    Page page(long before, int most, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<MessageRow> rows = new ArrayList<>();
        long newest = store.read(handle -> handle.createQuery("SELECT coalesce(max(seq), 0) FROM message")
                .mapTo(Long.class)
                .one());
        long place = Math.min(before, newest + 1);
        long stretch = firstStretch;
        long oldest = 0;
        while (place > oldest) {
            // Scan a bounded range in each query, so that every query makes progress even if few messages fit.
            long from = Math.max(oldest, place - stretch);
            long until = place;
            int read = filter.properties().isEmpty() ? most - rows.size() + 1 : PAGE;
            Optional<List<Found>> found = within(
                    Duration.ofNanos(deadline - System.nanoTime()), handle -> between(handle, from, until, read));
            if (found.isEmpty()) {
                return new Page(rows, OptionalLong.of(place), false);
            }
            for (Found each : found.get()) {
                if (filter.accepts(each.context())) {
                    if (rows.size() == most) {
                        return new Page(rows, OptionalLong.of(place), true);
                    }
                    rows.add(each.row());
                }
                place = each.row().seq();
            }
            if (found.get().size() < read) {
                place = from;
                if (stretch == firstStretch && place > oldest) {
                    // Without it, the list looks at all messages, as long as there is time.
                    Optional<Span> span = span(Duration.ofNanos((deadline - System.nanoTime()) / PART_FOR_TIMES));
                    oldest = span.map(Span::oldest).orElse(oldest);
                    place = Math.min(place, span.map(each -> each.newest() + 1).orElse(place));
                }
                stretch = Math.min(2 * stretch, MAX_STRETCH);
            }
        }
        return new Page(rows, OptionalLong.empty(), true);
    }

    private <T> Optional<T> within(Duration patience, Function<Handle, T> read) {
        return patience.isNegative() || patience.isZero() ? Optional.empty() : store.readWithin(patience, read);
    }

    /** Numbers between which all messages of the filter's time are. */
    private record Span(long oldest, long newest) {}

    /** Empty when the filter has no time, or when this takes too long. */
    private Optional<Span> span(Duration patience) {
        if (filter.since().isEmpty() && filter.until().isEmpty()) {
            return Optional.empty();
        }
        return within(
                patience,
                handle -> new Span(
                        filter.since()
                                .map(since ->
                                        bound(handle, "coalesce(min(seq + 0), " + Long.MAX_VALUE + ")", ">=", since))
                                .orElse(0L),
                        filter.until()
                                .map(until -> bound(handle, "coalesce(max(seq + 0), -1)", "<", until))
                                .orElse(Long.MAX_VALUE - 1)));
    }

    /** From the index by time: asked for {@code seq} itself, databases would look for it among the rows. */
    private static long bound(Handle handle, String what, String operator, Instant time) {
        return handle.createQuery("SELECT " + what + " FROM message WHERE submitted_at " + operator + " ?")
                .bind(0, time.toEpochMilli())
                .mapTo(Long.class)
                .one();
    }

    private record Found(MessageRow row, Context context) {}

    /** Asks once. A port that gets its first message later has only messages that are newer than all pages. */
    private MessageFilter.Resolved resolved(Handle handle) {
        MessageFilter.Resolved known = resolved.orElseGet(() -> filter.resolved(handle));
        resolved = Optional.of(known);
        return known;
    }

    private List<Found> before(long seq) {
        return store.read(handle -> between(handle, 0, seq, PAGE));
    }

    private List<Found> between(Handle handle, long from, long until, int most) {
        List<Object> values = new ArrayList<>();
        MessageFilter.Resolved terms = resolved(handle);
        List<MessageFilter.Resolved> parts = terms.byIndex();
        String sql;
        boolean isTooMuch = parts.size() > MERGED || (long) parts.size() * most > MERGED_ROWS;
        if (parts.isEmpty() || isTooMuch || filter.isByOwnIndex()) {
            sql = newest(terms, from, until, most, values);
        } else {
            sql = parts.stream()
                    .map(part -> "SELECT * FROM (" + newest(part, from, until, most, values) + ") part")
                    .collect(
                            Collectors.joining(" UNION ALL ", "SELECT * FROM (", ") merged ORDER BY seq DESC LIMIT ?"));
            values.add(most);
        }
        Query query = handle.createQuery(sql);
        MessageQueries.bind(query, values);
        return query.map((row, context) -> new Found(
                        MessageRow.map(row, "shown"),
                        filter.properties().isEmpty() ? Context.empty() : ContextJson.read(row.getString("context"))))
                .list();
    }

    private String newest(MessageFilter.Resolved terms, long from, long until, int most, List<Object> values) {
        String where = filter.sql(values, terms);
        values.add(from);
        values.add(until);
        values.add(most);
        return "SELECT m.*, " + MessageFilter.SHOWN_STATE + " AS shown FROM message m WHERE " + where
                + " AND m.seq >= ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?";
    }
}
