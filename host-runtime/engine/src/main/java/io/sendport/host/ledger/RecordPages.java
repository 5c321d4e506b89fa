package io.sendport.host.ledger;

import io.sendport.host.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads records of all lanes from a store, page by page. Safe for use by several threads. */
final class RecordPages {

    private static final int PAGE = 1_000;
    /** The number of columns of a {@link Link}. */
    private static final int COLUMNS = 6;

    private final Store store;

    RecordPages(Store store) {
        this.store = store;
    }

    /**
     * Reads page by page, so that a slow reader does not prevent cleanup of the store. Records are only ever added, so the ends of
     * the lanes at the start limit the result.
     */
    void read(AuditFilter filter, Optional<Ledger.Head> after, String order, Predicate<AuditRecord> reader) {
        Map<Long, Long> ends = new HashMap<>();
        store.read(Ledger::heads).forEach(head -> ends.put(head.lane(), head.seq()));
        Page page = page(filter, after, order, List.of());
        while (true) {
            for (AuditRecord each : page.records()) {
                boolean belongs =
                        each.link().seq() <= ends.getOrDefault(each.link().lane(), 0L);
                if (belongs && filter.accepts(each) && !reader.test(each)) {
                    return;
                }
            }
            if (page.records().size() < PAGE) {
                return;
            }
            page = page(filter, after, order, page.last());
        }
    }

    /**
     * Consecutive records.
     *
     * @param last the position of the last record in the order: the values of its columns
     */
    private record Page(List<AuditRecord> records, List<Long> last) {}

    /**
     * The newest {@code most} records that fit and precede {@code place} in the order of recording. Returns what it finds within
     * {@code patience}.
     */
    Ledger.Newest newest(AuditFilter filter, List<Long> place, int most, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<AuditRecord> records = new ArrayList<>();
        List<Long> before = place;
        while (true) {
            List<Long> from = before;
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            // A text in private parts may require reading many records for one that fits.
            int read = filter.containing().isEmpty() ? most - records.size() + 1 : PAGE;
            Optional<List<Placed>> found = left.isNegative() || left.isZero()
                    ? Optional.empty()
                    : store.readWithin(left, handle -> newest(handle, filter, from, read));
            if (found.isEmpty()) {
                return new Ledger.Newest(records, before, false);
            }
            for (Placed each : found.get()) {
                if (filter.accepts(each.record())) {
                    if (records.size() == most) {
                        return new Ledger.Newest(records, before, true);
                    }
                    records.add(each.record());
                }
                before = each.place();
            }
            if (found.get().size() < read) {
                return new Ledger.Newest(records, List.of(), true);
            }
        }
    }

    private record Placed(AuditRecord record, List<Long> place) {}

    private static List<Placed> newest(Handle handle, AuditFilter filter, List<Long> before, int most) {
        List<Object> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder(
                        "SELECT r.lane, r.seq, r.hash, r.header, r.salt, r.private, <ledgerOrder> FROM ")
                .append(filter.tables(values))
                .append(" WHERE ")
                .append(filter.conditions(values));
        if (!before.isEmpty()) {
            sql.append(" AND <ledgerFirst> <= ").append(before.get(0));
            sql.append(" AND (<ledgerOrder>) < (")
                    .append(before.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                    .append(")");
        }
        sql.append(" ORDER BY <ledgerNewest> LIMIT ").append(most);
        return bound(handle, sql.toString(), values)
                .map((row, context) -> {
                    List<Long> place = new ArrayList<>();
                    for (int i = COLUMNS + 1; i <= row.getMetaData().getColumnCount(); i++) {
                        place.add(row.getLong(i));
                    }
                    return new Placed(AuditRecord.of(Link.read(row)), place);
                })
                .list();
    }

    private Page page(AuditFilter filter, Optional<Ledger.Head> after, String order, List<Long> last) {
        return store.read(handle -> {
            List<Object> values = new ArrayList<>();
            StringBuilder sql = new StringBuilder("SELECT r.lane, r.seq, r.hash, r.header, r.salt, r.private, ")
                    .append(order)
                    .append(" FROM ")
                    .append(filter.tables(values))
                    .append(" WHERE ")
                    .append(filter.conditions(values));
            if (after.isPresent()) {
                sql.append(" AND r.lane = ? AND r.seq > ?");
                values.add(after.get().lane());
                values.add(after.get().seq());
            }
            if (!last.isEmpty()) {
                // The first column is also compared separately, because it may have an index, unlike several columns
                // together.
                String first = order.startsWith("<") ? order.replace("Order>", "First>") : order;
                sql.append(" AND ").append(first).append(" >= ").append(last.get(0));
                sql.append(" AND (")
                        .append(order)
                        .append(") > (")
                        .append(last.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                        .append(")");
            }
            sql.append(" ORDER BY ").append(order).append(" LIMIT ").append(PAGE);
            List<Long> place = new ArrayList<>();
            List<AuditRecord> records = bound(handle, sql.toString(), values)
                    .setFetchSize(PAGE)
                    .map((row, context) -> {
                        place.clear();
                        for (int i = COLUMNS + 1; i <= row.getMetaData().getColumnCount(); i++) {
                            place.add(row.getLong(i));
                        }
                        return AuditRecord.of(Link.read(row));
                    })
                    .list();
            return new Page(records, place);
        });
    }

    static Query bound(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }
}
