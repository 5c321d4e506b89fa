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

/** Checks the records of a lane on several threads, while one thread reads them and follows the chain in order. */
final class RecordChecker implements AutoCloseable {

    private static final int BATCH = 1_000;
    private static final int MAX_THREADS = 4;

    private final IndexSums.Seed seed;
    private final int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    private final ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
        Thread thread = new Thread(task, "sendport-weighing");
        thread.setDaemon(true);
        return thread;
    });

    /** Sums up the required index entries, with {@code seed}. */
    RecordChecker(IndexSums.Seed seed) {
        this.seed = seed;
    }

    /**
     * The result for a row or a segment.
     *
     * @param unit the row or segment
     * @param weighed its checked records, up to the first one that cannot be read
     * @param fault why it is invalid, regardless of its neighbors; null when it is valid
     * @param expected the required index entries; null when they are unknown
     */
    record Result(
            Unit unit,
            List<CheckedRecord> weighed,
            @Nullable String fault,
            IndexSums.@Nullable Expected expected) {}

    /** Receives the results in the order of the rows. */
    @FunctionalInterface
    interface Follower {
        /** Why reading must stop, or null. */
        @Nullable
        String follow(Result result);
    }

    /** Passes the results to {@code follower} until it finds a fault. Returns the fault, or null. */
    @Nullable
    String run(Iterator<Unit> units, Follower follower) {
        Deque<Future<List<Result>>> underWay = new ArrayDeque<>();
        while (units.hasNext() || !underWay.isEmpty()) {
            if (units.hasNext() && underWay.size() <= threads) {
                List<Unit> batch = batch(units);
                underWay.add(workers.submit(() -> weigh(batch)));
                continue;
            }
            for (Result each : done(underWay.remove())) {
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

    private List<Result> weigh(List<Unit> batch) {
        SearchColumns columns = new SearchColumns();
        return batch.stream()
                .map(unit -> unit instanceof Unit.Packed packed
                        ? weigh(packed, columns)
                        : weigh((Unit.Row) unit, columns, seed))
                .toList();
    }

    /** Checks a row by itself. */
    static Result weigh(Unit.Row row, SearchColumns columns, IndexSums.Seed seed) {
        CheckedRecord weighed;
        try {
            weighed = CheckedRecord.of(row.link());
        } catch (IllegalArgumentException e) {
            return new Result(row, List.of(), String.valueOf(e.getMessage()), null);
        }
        if (!weighed.isHeaderValid() || !weighed.isPrivatePartValid()) {
            // Its content is unreliable; the chain does not continue with it.
            return new Result(row, List.of(weighed), null, null);
        }
        try {
            boolean agrees = columns.agree(row.columns(), row.link(), weighed.header());
            Set<IndexKey> keys = new HashSet<>();
            SearchColumns.addKeys(row.link(), weighed.header(), false, keys);
            return new Result(
                    row,
                    List.of(weighed),
                    agrees ? null : "its search columns were changed",
                    IndexSums.Expected.ofRow(seed, row.link().lane(), row.link().seq(), keys));
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Result(row, List.of(weighed), String.valueOf(e.getMessage()), null);
        }
    }

    private Result weigh(Unit.Packed packed, SearchColumns columns) {
        Segment segment = packed.segment();
        List<CheckedRecord> weighed = new ArrayList<>();
        try {
            Set<IndexKey> keys = new HashSet<>();
            for (StoredRecord link : segment.links()) {
                CheckedRecord each = CheckedRecord.ofSegment(link);
                weighed.add(each);
                if (!each.isPrivatePartValid()) {
                    // Its content is unreliable; the chain does not continue with it.
                    return new Result(packed, weighed, null, null);
                }
                SearchColumns.addKeys(link, each.header(), true, keys);
            }
            return new Result(
                    packed,
                    weighed,
                    columns.agree(segment.derived(), weighed)
                            ? null
                            : "the columns of its segment do not match its records",
                    IndexSums.Expected.of(seed, segment.lane(), segment.first(), keys));
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Result(packed, weighed, "segment " + segment.place() + " was changed: " + e.getMessage(), null);
        }
    }

    private static List<Result> done(Future<List<Result>> batch) {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a verification", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("checking records failed", e.getCause());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
