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

/** Lists the messages that a filter selects, newest first. Reads page by page, so that a slow caller does not hold a snapshot. */
public final class MessageList {

    private static final int PAGE = 1_000;
    /** How many message numbers the first query of a page scans. Each later query scans twice as many, up to {@link #MAX_RANGE}. */
    private static final long FIRST_RANGE = 2_000;

    private static final long MAX_RANGE = 50_000;
    /** The limit for reading each port and phase by index and merging the results. Beyond it, one query reads all. */
    private static final int MAX_MERGED_PARTS = 200;
    /** The limit of rows that the queries of these parts may read together. */
    private static final long MAX_MERGED_ROWS = 50_000;
    /** Finding the message numbers of the filter's time may take one fourth of the time for the page. */
    private static final int TIME_SHARE = 4;

    private final Store store;
    private final MessageFilter filter;
    private final long firstRange;
    private Optional<MessageFilter.Resolved> resolved = Optional.empty();

    MessageList(Store store, MessageFilter filter) {
        this(store, filter, FIRST_RANGE);
    }

    /** @param firstRange how many message numbers the first query of a page scans, from 1 */
    MessageList(Store store, MessageFilter filter, long firstRange) {
        this.store = store;
        this.filter = filter;
        this.firstRange = firstRange;
    }

    /** All messages, oldest first. With a limit, only the newest ones. */
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
     * @param rows the messages that the filter selects
     * @param next the next page starts before this {@link MessageRow#seq}; empty after the last page
     * @param isWhole false when the time ran out before the page was full
     */
    public record Page(List<MessageRow> rows, OptionalLong next, boolean isWhole) {}

    /**
     * Returns up to {@code most} messages before number {@code before}, newest first. After {@code timeout} it returns those that it has
     * found.
     */
    Page page(long before, int most, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<MessageRow> rows = new ArrayList<>();
        long newest = store.read(handle -> handle.createQuery("SELECT coalesce(max(seq), 0) FROM message")
                .mapTo(Long.class)
                .one());
        long place = Math.min(before, newest + 1);
        long range = firstRange;
        long oldest = 0;
        while (place > oldest) {
            // Scan a bounded range in each query, so that every query makes progress even if few messages are found.
            long from = Math.max(oldest, place - range);
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
                if (range == firstRange && place > oldest) {
                    // Narrow the scan to the filter's time. Without a span, scan until the time runs out.
                    Optional<Span> span = span(Duration.ofNanos((deadline - System.nanoTime()) / TIME_SHARE));
                    oldest = span.map(Span::oldest).orElse(oldest);
                    place = Math.min(place, span.map(each -> each.newest() + 1).orElse(place));
                }
                range = Math.min(2 * range, MAX_RANGE);
            }
        }
        return new Page(rows, OptionalLong.empty(), true);
    }

    private <T> Optional<T> within(Duration timeout, Function<Handle, T> read) {
        return timeout.isNegative() || timeout.isZero() ? Optional.empty() : store.readWithin(timeout, read);
    }

    /** The lowest and the highest number that a message of the filter's time can have. */
    private record Span(long oldest, long newest) {}

    /** Finds the span of the filter's time. Empty when the filter has no time, or when this takes longer than {@code timeout}. */
    private Optional<Span> span(Duration timeout) {
        if (filter.since().isEmpty() && filter.until().isEmpty()) {
            return Optional.empty();
        }
        return within(
                timeout,
                handle -> new Span(
                        filter.since()
                                .map(since -> seqAtTime(
                                        handle, "coalesce(min(seq + 0), " + Long.MAX_VALUE + ")", ">=", since))
                                .orElse(0L),
                        filter.until()
                                .map(until -> seqAtTime(handle, "coalesce(max(seq + 0), -1)", "<", until))
                                .orElse(Long.MAX_VALUE - 1)));
    }

    /** Finds a message number by the index on time. {@code seq + 0} keeps the database from scanning the primary key instead. */
    private static long seqAtTime(Handle handle, String what, String operator, Instant time) {
        return handle.createQuery("SELECT " + what + " FROM message WHERE submitted_at " + operator + " ?")
                .bind(0, time.toEpochMilli())
                .mapTo(Long.class)
                .one();
    }

    private record Found(MessageRow row, Context context) {}

    /** Looks the criteria up only once. A port that gets its first message later has only messages that are newer than all pages. */
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
        boolean isTooMuch = parts.size() > MAX_MERGED_PARTS || (long) parts.size() * most > MAX_MERGED_ROWS;
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
