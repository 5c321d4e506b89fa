package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Link;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Checks the links of a lane on several threads, while one thread reads them and follows the chain in order. */
final class Weighing implements AutoCloseable {

    private static final int BATCH = 1_000;
    private static final int MOST_THREADS = 4;

    private final IndexSums.Seed seed;
    private final int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    private final ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
        Thread thread = new Thread(task, "sendport-weighing");
        thread.setDaemon(true);
        return thread;
    });

    /** Sums up the required index entries, with {@code seed}. */
    Weighing(IndexSums.Seed seed) {
        this.seed = seed;
    }

    /**
     * A row of the store.
     *
     * @param link the record
     * @param columns its search columns, in the form of {@link SearchColumns#SQL}
     */
    record Row(Link link, String columns) {}

    /**
     * The result for a row.
     *
     * @param row the row
     * @param weighed its checked link; null when {@code fault} says why it is invalid
     * @param fault why it is invalid, regardless of its neighbors; null when it is valid
     * @param recipients sum over the addresses by which it must be found
     * @param properties the same for promoted properties
     */
    record Result(
            Row row, @Nullable Weighed weighed, @Nullable String fault, long recipients, long properties) {}

    /** Receives the results in the order of the rows. */
    @FunctionalInterface
    interface Follower {
        /** Why reading must stop, or null. */
        @Nullable
        String follow(Result result);
    }

    /** Passes the results to {@code follower} until it finds a fault. Returns the fault, or null. */
    @Nullable
    String run(Iterator<Row> rows, Follower follower) {
        Deque<Future<List<Result>>> underWay = new ArrayDeque<>();
        while (rows.hasNext() || !underWay.isEmpty()) {
            if (rows.hasNext() && underWay.size() <= threads) {
                List<Row> batch = batch(rows);
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

    private static List<Row> batch(Iterator<Row> rows) {
        List<Row> batch = new ArrayList<>(BATCH);
        while (batch.size() < BATCH && rows.hasNext()) {
            batch.add(rows.next());
        }
        return batch;
    }

    private List<Result> weigh(List<Row> batch) {
        SearchColumns columns = new SearchColumns(seed);
        return batch.stream().map(row -> weigh(row, columns)).toList();
    }

    private static Result weigh(Row row, SearchColumns columns) {
        Weighed weighed;
        try {
            weighed = Weighed.of(row.link());
        } catch (IllegalArgumentException e) {
            return new Result(row, null, String.valueOf(e.getMessage()), 0, 0);
        }
        if (!weighed.headerHolds() || !weighed.secretHolds()) {
            // Its content is unreliable; the chain does not continue with it.
            return new Result(row, weighed, null, 0, 0);
        }
        try {
            SearchColumns.Agreement found = columns.agree(row.columns(), row.link(), weighed.header());
            String fault = found.agrees() ? null : "its search columns were changed";
            return new Result(row, weighed, fault, found.recipients(), found.properties());
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Result(row, weighed, String.valueOf(e.getMessage()), 0, 0);
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
