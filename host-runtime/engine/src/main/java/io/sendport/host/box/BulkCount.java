package io.sendport.host.box;

import io.sendport.host.box.json.ContextJson;
import io.sendport.host.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Counts the messages for a bulk act and stores the state of each. */
final class BulkCount {

    /** Rows that are written in one transaction; small, so that other writers do not wait long. */
    private static final int ROWS = 2_000;

    private static final int PAGE = 10_000;

    private final Store store;
    private final MessageFilter filter;
    private final String act;
    private final boolean alsoEnded;

    BulkCount(Store store, MessageFilter filter, String act, boolean alsoEnded) {
        this.store = store;
        this.filter = filter;
        this.act = act;
        this.alsoEnded = alsoEnded;
    }

    /**
     * A message at the time of the count.
     *
     * @param seq its number
     * @param steps how often it had changed
     */
    record Item(long seq, long steps) {}

    /** One page of the scan: the messages that fit, and the number of the last message read; negative when there was none. */
    private record Page(List<Item> items, long last) {}

    /**
     * Scans the snapshot that {@code handle} sees, page by page. Stops above {@link BulkActs#MAX_COUNT}.
     *
     * @return the number of messages that were counted and stored
     */
    long countAndStore(Handle handle) {
        long total = 0;
        Page page = page(handle, -1);
        while (page.last() >= 0 && total <= BulkActs.MAX_COUNT) {
            for (int from = 0; from < page.items().size(); from += ROWS) {
                write(page.items().subList(from, Math.min(page.items().size(), from + ROWS)));
            }
            total += page.items().size();
            page = page(handle, page.last());
        }
        return total;
    }

    private void write(List<Item> rows) {
        store.change(transaction -> rows.forEach(row -> transaction
                .handle()
                .execute("INSERT INTO bulk_item (act, seq, steps) VALUES (?, ?, ?)", act, row.seq(), row.steps())));
    }

    private Page page(Handle handle, long after) {
        List<Object> values = new ArrayList<>();
        boolean looksInside = !filter.properties().isEmpty();
        String sql = "SELECT m.seq, m.steps" + (looksInside ? ", m.context" : "") + " FROM message m WHERE "
                + filter.sql(values, filter.resolved(handle)) + (alsoEnded ? "" : " AND m.ended_at IS NULL")
                + " AND m.seq > ? ORDER BY m.seq LIMIT ?";
        values.add(after);
        values.add(PAGE);
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        List<Item> items = new ArrayList<>();
        long last = -1;
        for (long seq : query.map((row, context) -> {
                    if (!looksInside || filter.accepts(ContextJson.read(row.getString("context")))) {
                        items.add(new Item(row.getLong(1), row.getLong(2)));
                    }
                    return row.getLong(1);
                })
                .list()) {
            last = seq;
        }
        return new Page(items, last);
    }
}
