package io.sendport.host.box;

import io.sendport.api.message.Context;
import io.sendport.host.box.json.ContextJson;
import io.sendport.host.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The messages that a filter selects, newest first. Reads one page at a time, so that a slow reader does not hold a snapshot. */
public final class MessageList {

    private static final int PAGE = 1_000;
    /** The number of messages that a query of a page scans. */
    private static final long STRETCH = 50_000;

    private final Store store;
    private final MessageFilter filter;
    private Optional<String> naming = Optional.empty();

    MessageList(Store store, MessageFilter filter) {
        this.store = store;
        this.filter = filter;
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
        while (place > 0) {
            // Scan a bounded range in each query, so that every query makes progress even if few messages fit.
            long from = Math.max(0, place - STRETCH);
            long until = place;
            int read = filter.properties().isEmpty() ? most - rows.size() + 1 : PAGE;
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            Optional<List<Found>> found = left.isNegative() || left.isZero()
                    ? Optional.empty()
                    : store.readWithin(left, handle -> between(handle, from, until, read));
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
            }
        }
        return new Page(rows, OptionalLong.empty(), true);
    }

    private record Found(MessageRow row, Context context) {}

    /** Asks the ledger once. */
    private Optional<String> naming(Handle handle) {
        if (naming.isEmpty()) {
            naming = filter.naming(handle);
        }
        return naming;
    }

    private List<Found> before(long seq) {
        return store.read(handle -> between(handle, 0, seq, PAGE));
    }

    private List<Found> between(Handle handle, long from, long until, int most) {
        List<Object> values = new ArrayList<>();
        String where = filter.sql(values, naming(handle));
        Query query = handle.createQuery("SELECT m.*, " + MessageFilter.SHOWN_STATE + " AS shown FROM message m WHERE "
                + where + " AND m.seq >= ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?");
        values.add(from);
        values.add(until);
        values.add(most);
        MessageQueries.bind(query, values);
        return query.map((row, context) -> new Found(
                        MessageRow.map(row, "shown"),
                        filter.properties().isEmpty() ? Context.empty() : ContextJson.read(row.getString("context"))))
                .list();
    }
}
