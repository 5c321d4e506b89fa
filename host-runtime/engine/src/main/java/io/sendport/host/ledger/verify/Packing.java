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
 * Packs the rows that an earlier version recorded into segments, from the oldest on. Each step is one transaction: it checks the
 * records again, and replaces their rows with a segment that has the same bytes. It can be stopped and killed at any time. A record
 * that does not hold stays as it is, as evidence, and so do all that follow it in its lane. For one thread.
 */
public final class Packing {

    private final Store store;
    private final Checkpoints checkpoints;
    private final IndexSums.Seed seed = new IndexSums.Seed();
    private final SearchColumns columns = new SearchColumns();
    private final Set<Long> stopped = new HashSet<>();
    private @Nullable Anchors anchors;

    /** Packs the ledger in {@code store}. A place that {@code checkpoints} name becomes the last one of a segment. */
    public Packing(Store store, Checkpoints checkpoints) {
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /** What is left after a turn. */
    public enum Remaining {
        /** Rows that the next turn packs. */
        SOME,
        /** No rows that can be packed. */
        NONE,
        /** Nothing was done, because a process verifies the ledger. */
        VERIFIED
    }

    /**
     * The result of a turn.
     *
     * @param packed how many records were packed
     * @param left what is left
     * @param fault why the rest of a lane cannot be packed; empty when all can
     */
    public record Result(long packed, Remaining left, Optional<String> fault) {

        /** What an operator must know: that records stay as rows, why, and what to do; empty when all can be packed. */
        public Optional<String> warning() {
            return fault.map(why ->
                    "not all records of an earlier version can be packed: " + why + "; run `sendport audit verify`");
        }
    }

    /** A step in one lane. */
    private record Step(int packed, Optional<String> fault) {}

    /** Whether there are rows that could be packed. */
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
     * Packs for about {@code most}, at least one step, unless a process verifies the ledger.
     *
     * @throws StoreException when this account may not delete rows of the ledger, or the store cannot be written
     */
    public Result run(Duration most) {
        List<Long> lanes = lanes();
        if (lanes.isEmpty()) {
            return new Result(0, Remaining.NONE, Optional.empty());
        }
        if (!store.read(LedgerRights::mayDelete)) {
            throw LedgerRights.mayNotDelete(store);
        }
        Optional<String> elsewhere = prepare(lanes);
        if (elsewhere.isPresent()) {
            stopped.addAll(lanes);
            return new Result(0, Remaining.NONE, elsewhere);
        }
        long deadline = System.nanoTime() + most.toNanos();
        return store.whileNobodyVerifies(() -> pack(lanes, deadline))
                .orElse(new Result(0, Remaining.VERIFIED, Optional.empty()));
    }

    /**
     * Reads the signed places once: a later statement names places behind the rows, or the last of them.
     *
     * @return why not all of them are known
     */
    private Optional<String> prepare(List<Long> lanes) {
        if (anchors != null) {
            return Optional.empty();
        }
        EvaluatedStatements evaluatedStatements = checkpoints.evaluatedStatements();
        Set<String> known =
                evaluatedStatements.statements().stream().map(Statement::hash).collect(Collectors.toSet());
        for (long lane : lanes) {
            for (String each : store.readOneMoment(handle -> PackedRows.naming(handle, lane))) {
                String statement = LinkHeader.parse(each).checkpoint;
                if (statement != null && !known.contains(statement)) {
                    return Optional.of("records of lane " + lane + " name checkpoint " + statement
                            + ", which is not in the folder of checkpoints here");
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
                // Otherwise, private parts would remain in the file, where no erasure finds them.
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
            StoredRecord link = row.link();
            if (link.seq() != start + checked.size() || link.seq() > boundary) {
                break;
            }
            RecordChecker.Result result = RecordChecker.weigh(row, columns, seed);
            fault = fault(result, last);
            if (fault.isPresent()) {
                break;
            }
            LinkHeader header = result.weighed().get(0).header();
            checked.add(new PackedRows.Checked(link, at(link, header), header.kind));
            last = link.hash();
        }
        return checked.isEmpty()
                ? new Step(0, fault)
                : new Step(PackedRows.replace(transaction, checked), Optional.empty());
    }

    private static Instant at(StoredRecord link, LinkHeader header) {
        try {
            return Instant.parse(header.at);
        } catch (DateTimeException e) {
            throw new NotPackedException("record " + link.place() + ": its time cannot be read");
        }
    }

    private Anchors signed() {
        if (anchors == null) {
            throw new IllegalStateException("the signed places were not read");
        }
        return anchors;
    }

    private static Optional<String> hashBefore(Handle handle, Ledger.Head begin, long start) {
        if (start - 1 == begin.seq()) {
            return Optional.of(begin.hash());
        }
        try {
            return PackedRows.hash(handle, begin.lane(), start - 1);
        } catch (IllegalStateException e) {
            // The segment that has it is damaged.
            return Optional.empty();
        }
    }

    private Optional<String> fault(RecordChecker.Result result, String before) {
        StoredRecord link = ((Unit.Row) result.unit()).link();
        String anchor = signed().at(link.lane(), link.seq());
        if (result.fault() != null) {
            return fault(link, result.fault());
        }
        CheckedRecord weighed = result.weighed().get(0);
        if (!weighed.isHeaderValid()) {
            return fault(link, "its header was changed");
        }
        if (!weighed.isPrivatePartValid()) {
            return fault(link, "its private part was changed");
        }
        if (link.salt().isPresent() != (link.secret() != null)) {
            return fault(link, "it has only one of private part and salt");
        }
        LinkHeader header = weighed.header();
        if (!header.prevHash.equals(before) || header.lane != link.lane() || header.seq != link.seq()) {
            return fault(link, "does not continue the record before it");
        }
        return anchor == null || anchor.equals(link.hash())
                ? Optional.empty()
                : fault(link, "a signed checkpoint names another record at this place");
    }

    private static Optional<String> fault(StoredRecord link, String why) {
        return Optional.of("record " + link.place() + ": " + why);
    }
}
