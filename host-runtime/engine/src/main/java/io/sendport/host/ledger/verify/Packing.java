package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.Link;
import io.sendport.host.ledger.NotPackedException;
import io.sendport.host.ledger.PackedRows;
import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.ledger.checkpoint.Anchors;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** Packs the ledger in {@code store}. A place that {@code checkpoints} name becomes the last one of a segment. */
    public Packing(Store store, Checkpoints checkpoints) {
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /**
     * The result of a turn.
     *
     * @param packed how many records were packed
     * @param isDone whether no lane has rows that can be packed
     * @param fault which record does not hold, and why; empty when all do
     */
    public record Turn(long packed, boolean isDone, Optional<String> fault) {}

    /** A step in one lane. */
    private record Step(int packed, Optional<String> fault) {}

    /** Packs for about {@code most}, or until a process verifies the ledger. */
    public Turn run(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        List<Long> lanes = store.read(handle -> Lane.extents(handle).stream()
                .map(each -> each.head().lane())
                .filter(lane -> PackedRows.hasRows(handle, lane))
                .toList());
        long packed = 0;
        Optional<String> fault = Optional.empty();
        Anchors anchors = checkpoints.testimony().anchors();
        for (long lane : lanes) {
            boolean hasMore = true;
            while (hasMore) {
                if (System.nanoTime() - deadline > 0) {
                    return new Turn(packed, false, fault);
                }
                Optional<Step> step = store.whileNobodyVerifies(() -> step(lane, anchors));
                if (step.isEmpty()) {
                    return new Turn(packed, false, fault);
                }
                packed += step.get().packed();
                fault = fault.or(step.get()::fault);
                hasMore = step.get().packed() > 0;
            }
        }
        return new Turn(packed, true, fault);
    }

    private Step step(long lane, Anchors anchors) {
        try {
            return store.write(transaction -> step(transaction, lane, anchors));
        } catch (NotPackedException e) {
            return new Step(0, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private Step step(Transaction transaction, long lane, Anchors anchors) {
        // Otherwise, private parts would remain in the file, where no erasure finds them.
        store.overwriteDeleted(transaction);
        List<Unit.Row> rows = PackedRows.first(transaction.handle(), lane, SearchColumns.SQL);
        if (rows.isEmpty()) {
            return new Step(0, Optional.empty());
        }
        long first = rows.get(0).link().seq();
        Optional<String> before = hashBefore(transaction, lane, first);
        if (before.isEmpty()) {
            return new Step(0, Optional.of("record " + lane + ":" + (first - 1) + " is missing"));
        }
        long boundary = anchors.from(lane, first);
        List<PackedRows.Checked> checked = new ArrayList<>();
        String last = before.get();
        Optional<String> fault = Optional.empty();
        for (Unit.Row row : rows) {
            Link link = row.link();
            if (link.seq() != first + checked.size() || link.seq() > boundary) {
                break;
            }
            Weighing.Result result = Weighing.weigh(row, columns, seed);
            fault = fault(result, last, anchors);
            if (fault.isPresent()) {
                break;
            }
            LinkHeader header = result.weighed().get(0).header();
            checked.add(new PackedRows.Checked(link, Instant.parse(header.at), header.kind));
            last = link.hash();
        }
        return checked.isEmpty()
                ? new Step(0, fault)
                : new Step(PackedRows.replace(transaction, checked), Optional.empty());
    }

    private static Optional<String> hashBefore(Transaction transaction, long lane, long first) {
        Ledger.Head begin = Lane.extents(transaction.handle()).stream()
                .filter(each -> each.head().lane() == lane)
                .map(Lane.Extent::begin)
                .findFirst()
                .orElse(new Ledger.Head(lane, 0, Hashing.NONE));
        return first - 1 == begin.seq()
                ? Optional.of(begin.hash())
                : PackedRows.hash(transaction.handle(), lane, first - 1);
    }

    private static Optional<String> fault(Weighing.Result result, String before, Anchors anchors) {
        Link link = ((Unit.Row) result.unit()).link();
        String anchor = anchors.at(link.lane(), link.seq());
        if (result.fault() != null) {
            return fault(link, result.fault());
        }
        Weighed weighed = result.weighed().get(0);
        if (!weighed.headerHolds()) {
            return fault(link, "its header was changed");
        }
        if (!weighed.secretHolds()) {
            return fault(link, "its private part was changed");
        }
        LinkHeader header = weighed.header();
        if (!header.prevHash.equals(before) || header.lane != link.lane() || header.seq != link.seq()) {
            return fault(link, "does not continue the record before it");
        }
        return anchor == null || anchor.equals(link.hash())
                ? Optional.empty()
                : fault(link, "a signed checkpoint names another record at this place");
    }

    private static Optional<String> fault(Link link, String why) {
        return Optional.of("record " + link.place() + ": " + why);
    }
}
