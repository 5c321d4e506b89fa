package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.LedgerRights;
import io.sendport.host.ledger.NotPackedException;
import io.sendport.host.ledger.PackedRows;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.ledger.checkpoint.Anchors;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.EvaluatedStatements;
import io.sendport.host.ledger.checkpoint.Statement;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.Transaction;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Packs the rows of an earlier version into segments, oldest first. Each step is one transaction: it verifies the records, and replaces
 * their rows with a segment that has the same bytes. The process may stop or be killed at any time. An invalid record is evidence: it
 * stays as it is, and so do all later records of its lane. Not thread-safe.
 */
public final class Packing {

    private final Store store;
    private final Checkpoints checkpoints;
    private final IndexSums.Seed seed = new IndexSums.Seed();
    private final SearchColumns columns = new SearchColumns();
    /** Lanes that cannot be packed further. */
    private final Set<Long> stopped = new HashSet<>();

    private @Nullable Anchors anchors;

    /** Creates a packing of the ledger in {@code store}. A segment ends at each place that a statement of {@code checkpoints} names. */
    public Packing(Store store, Checkpoints checkpoints) {
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /** What remains to do after a run. */
    public enum Remaining {
        /** There are rows that the next run packs. */
        SOME,
        /** There are no rows that can be packed. */
        NONE,
        /** Nothing was done, because a process is verifying the ledger. */
        VERIFIED
    }

    /**
     * The result of a run.
     *
     * @param packed the number of packed records
     * @param left what remains to do
     * @param fault why the rest of a lane cannot be packed; empty when no fault was found
     */
    public record Result(long packed, Remaining left, Optional<String> fault) {

        /** Returns a warning for operators that records stay as rows, with the reason and the next step; empty without a fault. */
        public Optional<String> warning() {
            return fault.map(why ->
                    "not all records of an earlier version can be packed: " + why + "; run `sendport audit verify`");
        }
    }

    /** The result of one step in one lane. */
    private record Step(int packed, Optional<String> fault) {}

    /** Returns whether there are rows that can be packed, as far as known. */
    public boolean hasWork() {
        return !lanes().isEmpty();
    }

    private List<Long> lanes() {
        return store.read(handle -> Lane.extents(handle).stream()
                .filter(each -> !stopped.contains(each.head().lane()))
                .filter(each -> PackedRows.hasRows(handle, each))
                .map(each -> each.head().lane())
                .toList());
    }

    /**
     * Packs rows, unless a process is verifying the ledger. Runs at least one step, and starts none after {@code maxDuration}.
     *
     * @throws StoreException when the database user may not delete rows of the ledger, or the store cannot be written
     */
    public Result run(Duration maxDuration) {
        List<Long> lanes = lanes();
        if (lanes.isEmpty()) {
            return new Result(0, Remaining.NONE, Optional.empty());
        }
        if (!store.read(LedgerRights::mayDelete)) {
            throw LedgerRights.mayNotDelete(store);
        }
        Optional<String> fault = prepare(lanes);
        if (fault.isPresent()) {
            stopped.addAll(lanes);
            return new Result(0, Remaining.NONE, fault);
        }
        long deadline = System.nanoTime() + maxDuration.toNanos();
        return store.whileNobodyVerifies(() -> pack(lanes, deadline))
                .orElse(new Result(0, Remaining.VERIFIED, Optional.empty()));
    }

    /**
     * Reads the signed places. Once is enough, because later statements name no place before the last row.
     *
     * @return why not all signed places are known; empty when they are
     */
    private Optional<String> prepare(List<Long> lanes) {
        if (anchors != null) {
            return Optional.empty();
        }
        EvaluatedStatements evaluatedStatements = checkpoints.evaluatedStatements();
        Set<String> known =
                evaluatedStatements.statements().stream().map(Statement::hash).collect(Collectors.toSet());
        for (long lane : lanes) {
            for (String each : store.readSnapshot(handle -> PackedRows.checkpointHeaders(handle, lane))) {
                String statement = LinkHeader.parse(each).checkpoint;
                if (statement != null && !known.contains(statement)) {
                    return Optional.of("records of lane " + lane + " name checkpoint " + statement
                            + ", which is not in the checkpoint folder of this machine");
                }
            }
        }
        anchors = evaluatedStatements.anchors();
        return Optional.empty();
    }

    private Result pack(List<Long> lanes, long deadline) {
        long packed = 0;
        for (long lane : lanes) {
            Step step;
            do {
                step = step(lane);
                packed += step.packed();
                if (step.fault().isPresent()) {
                    stopped.add(lane);
                    return new Result(packed, Remaining.SOME, step.fault());
                }
                if (System.nanoTime() - deadline > 0) {
                    return new Result(packed, Remaining.SOME, Optional.empty());
                }
            } while (step.packed() > 0);
        }
        return new Result(packed, Remaining.NONE, Optional.empty());
    }

    private Step step(long lane) {
        try {
            return store.write(transaction -> {
                // Otherwise, copies of private parts would remain in the file, where an erasure does not find them.
                store.overwriteDeleted(transaction);
                Step step = step(transaction, lane);
                store.endOverwriting(transaction);
                return step;
            });
        } catch (NotPackedException e) {
            return new Step(0, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private Step step(Transaction transaction, long lane) {
        PackedRows.First first = PackedRows.first(transaction.handle(), lane, SearchColumns.SQL);
        if (first.rows().isEmpty()) {
            return new Step(0, Optional.empty());
        }
        long start = first.rows().get(0).link().seq();
        Optional<String> before = hashBefore(transaction.handle(), first.begin(), start);
        if (before.isEmpty()) {
            return new Step(0, Optional.of("record " + lane + ":" + (start - 1) + " is missing or damaged"));
        }
        long boundary = signed().from(lane, start);
        List<PackedRows.Checked> checked = new ArrayList<>();
        String last = before.get();
        Optional<String> fault = Optional.empty();
        for (Unit.Row row : first.rows()) {
            StoredRecord record = row.link();
            if (record.seq() != start + checked.size() || record.seq() > boundary) {
                break;
            }
            RecordChecker.Result result = RecordChecker.check(row, columns, seed);
            fault = fault(result, last);
            if (fault.isPresent()) {
                break;
            }
            LinkHeader header = result.checked().get(0).header();
            checked.add(new PackedRows.Checked(record, at(record, header), header.kind));
            last = record.hash();
        }
        return checked.isEmpty()
                ? new Step(0, fault)
                : new Step(PackedRows.replace(transaction, checked), Optional.empty());
    }

    private static Instant at(StoredRecord record, LinkHeader header) {
        try {
            return Instant.parse(header.at);
        } catch (DateTimeException e) {
            throw new NotPackedException("record " + record.place() + ": its time is not valid");
        }
    }

    private Anchors signed() {
        if (anchors == null) {
            throw new IllegalStateException("the signed places have not been read");
        }
        return anchors;
    }

    /** Returns the hash of the record before {@code start}; empty when it is missing or damaged. */
    private static Optional<String> hashBefore(Handle handle, Ledger.Head begin, long start) {
        if (start - 1 == begin.seq()) {
            return Optional.of(begin.hash());
        }
        try {
            return PackedRows.hash(handle, begin.lane(), start - 1);
        } catch (IllegalStateException e) {
            // The segment that contains the record is damaged.
            return Optional.empty();
        }
    }

    private Optional<String> fault(RecordChecker.Result result, String before) {
        StoredRecord record = ((Unit.Row) result.unit()).link();
        String anchor = signed().at(record.lane(), record.seq());
        if (result.fault() != null) {
            return fault(record, result.fault());
        }
        CheckedRecord checked = result.checked().get(0);
        if (!checked.isHeaderValid()) {
            return fault(record, "its header was changed");
        }
        if (!checked.isPrivatePartValid()) {
            return fault(record, "its private part was changed");
        }
        if (record.salt().isPresent() != (record.secret() != null)) {
            return fault(record, "it has a private part without a salt, or a salt without a private part");
        }
        LinkHeader header = checked.header();
        if (!header.prevHash.equals(before) || header.lane != record.lane() || header.seq != record.seq()) {
            return fault(record, "does not continue the record before it");
        }
        return anchor == null || anchor.equals(record.hash())
                ? Optional.empty()
                : fault(record, "a signed checkpoint names another record at this place");
    }

    private static Optional<String> fault(StoredRecord record, String why) {
        return Optional.of("record " + record.place() + ": " + why);
    }
}
