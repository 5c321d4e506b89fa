package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.IndexKey;
import io.sendport.host.ledger.Segment;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.StoredUnits.Unit;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Checks the records of a lane on several threads, while the calling thread reads the records and follows the chain in order. */
final class RecordChecker implements AutoCloseable {

    private static final int BATCH = 1_000;
    private static final int MAX_THREADS = 4;

    private final IndexSums.Seed seed;
    private final int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    private final ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
        Thread thread = new Thread(task, "sendport-verification");
        thread.setDaemon(true);
        return thread;
    });

    /** Creates a checker that hashes the required index entries with {@code seed}. */
    RecordChecker(IndexSums.Seed seed) {
        this.seed = seed;
    }

    /**
     * The result for a row or a segment.
     *
     * @param unit the row or segment
     * @param checked the checked records, up to the first record that is not readable or not valid
     * @param fault why the unit is invalid, regardless of its neighbors; null if the chain must decide
     * @param expected the required index entries; null when they are unknown
     */
    record Result(
            Unit unit,
            List<CheckedRecord> checked,
            @Nullable String fault,
            IndexSums.@Nullable Expected expected) {}

    /** Receives the results in the order of the rows. */
    @FunctionalInterface
    interface Follower {
        /** Receives the next result. Returns a fault, which stops the check, or null. */
        @Nullable
        String follow(Result result);
    }

    /** Checks all units, and passes the results to {@code follower} until it returns a fault. Returns that fault, or null. */
    @Nullable
    String run(Iterator<Unit> units, Follower follower) {
        Deque<Future<List<Result>>> pending = new ArrayDeque<>();
        while (units.hasNext() || !pending.isEmpty()) {
            if (units.hasNext() && pending.size() <= threads) {
                List<Unit> batch = batch(units);
                pending.add(workers.submit(() -> check(batch)));
                continue;
            }
            for (Result each : done(pending.remove())) {
                String fault = follower.follow(each);
                if (fault != null) {
                    return fault;
                }
            }
        }
        return null;
    }

    private static List<Unit> batch(Iterator<Unit> units) {
        List<Unit> batch = new ArrayList<>();
        long records = 0;
        while (records < BATCH && units.hasNext()) {
            Unit next = units.next();
            batch.add(next);
            records += next instanceof Unit.Packed packed
                    ? Math.max(1, packed.segment().last() - packed.segment().first() + 1)
                    : 1;
        }
        return batch;
    }

    private List<Result> check(List<Unit> batch) {
        SearchColumns columns = new SearchColumns();
        return batch.stream()
                .map(unit -> unit instanceof Unit.Packed packed
                        ? check(packed, columns)
                        : check((Unit.Row) unit, columns, seed))
                .toList();
    }

    /** Checks a row without its neighbors. */
    static Result check(Unit.Row row, SearchColumns columns, IndexSums.Seed seed) {
        CheckedRecord checked;
        try {
            checked = CheckedRecord.of(row.link());
        } catch (IllegalArgumentException e) {
            return new Result(row, List.of(), String.valueOf(e.getMessage()), null);
        }
        if (!checked.isHeaderValid() || !checked.isPrivatePartValid()) {
            // Does not check the unreliable content. The chain reports this record.
            return new Result(row, List.of(checked), null, null);
        }
        try {
            boolean isMatch = columns.match(row.columns(), row.link(), checked.header());
            Set<IndexKey> keys = new HashSet<>();
            SearchColumns.addKeys(row.link(), checked.header(), false, keys);
            return new Result(
                    row,
                    List.of(checked),
                    isMatch ? null : "its search columns were changed",
                    IndexSums.Expected.ofRow(seed, row.link().lane(), row.link().seq(), keys));
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Result(row, List.of(checked), String.valueOf(e.getMessage()), null);
        }
    }

    private Result check(Unit.Packed packed, SearchColumns columns) {
        Segment segment = packed.segment();
        List<CheckedRecord> checked = new ArrayList<>();
        try {
            Set<IndexKey> keys = new HashSet<>();
            for (StoredRecord record : segment.records()) {
                CheckedRecord each = CheckedRecord.ofSegment(record);
                checked.add(each);
                if (!each.isPrivatePartValid()) {
                    // Does not check the unreliable content. The chain reports this record.
                    return new Result(packed, checked, null, null);
                }
                SearchColumns.addKeys(record, each.header(), true, keys);
            }
            return new Result(
                    packed,
                    checked,
                    columns.match(segment.derived(), checked)
                            ? null
                            : "the columns of its segment do not match its records",
                    IndexSums.Expected.of(seed, segment.lane(), segment.first(), keys));
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Result(packed, checked, "segment " + segment.place() + " was changed: " + e.getMessage(), null);
        }
    }

    private static List<Result> done(Future<List<Result>> batch) {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the verification was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot check records of the ledger: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
