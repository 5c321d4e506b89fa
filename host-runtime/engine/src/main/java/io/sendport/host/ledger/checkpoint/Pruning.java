package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.LedgerRights;
import io.sendport.host.ledger.Prunable;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Deletes the oldest records of all lanes up to one signed checkpoint. The remaining chains start at signed places. Deletes no record
 * of a message before the last record of that message has expired.
 */
public final class Pruning {

    private static final int BATCH = 200;

    private final Store store;
    private final Ledger ledger;
    private final Checkpoints checkpoints;

    /** Creates a pruning of {@code ledger} in {@code store}, at places that statements of {@code checkpoints} name. */
    public Pruning(Store store, Ledger ledger, Checkpoints checkpoints) {
        this.store = store;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
    }

    /**
     * Deletes records from before {@code limit}, up to the newest suitable checkpoint.
     *
     * @param by adds the actor to the record of the deletion
     * @return the number of deleted records
     * @throws StoreException with reason FORBIDDEN when there are records to delete, and this database user may not delete them
     * @throws IOException when the checkpoint folder cannot be written; nothing more is deleted then
     * @throws GeneralSecurityException when the key cannot be used or is not trusted; nothing more is deleted then
     */
    public long run(Instant limit, Instant now, UnaryOperator<Entry> by) throws IOException, GeneralSecurityException {
        EvaluatedStatements evaluatedStatements = checkpoints.evaluatedStatements();
        // Index first, because the look-up of younger records reads all records after the mark of the index.
        ledger.index();
        Optional<Statement> place = place(evaluatedStatements, limit);
        if (!isAllowed()) {
            if (place.isPresent()) {
                throw LedgerRights.mayNotDelete(store);
            }
            return 0;
        }
        if (place.isPresent()) {
            evaluatedStatements.requireTrusted(
                    checkpoints.fingerprint(),
                    place.get().heads().stream().map(Ledger.Head::lane).toList());
            advance(place.get(), now, by);
        }
        return deleteLeftovers(checkpoints.evaluatedStatements().anchors());
    }

    /** Returns whether the database user of this process may delete records. */
    public boolean isAllowed() {
        return store.read(LedgerRights::mayDelete);
    }

    /** Returns whether there are records from before {@code limit} to delete. */
    public boolean isDue(Instant limit) {
        ledger.index();
        return place(checkpoints.evaluatedStatements(), limit).isPresent();
    }

    /**
     * Returns the newest checkpoint up to which all records may be deleted; empty if there is nothing to delete. Tries checkpoints from
     * the newest to the oldest. Uses times only to decide which checkpoints are old enough, because the clock may have been changed.
     */
    private Optional<Statement> place(EvaluatedStatements evaluatedStatements, Instant limit) {
        List<Statement> old = evaluatedStatements.statements().stream()
                .filter(each -> Instant.parse(each.at()).isBefore(limit))
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.reverse(old);
        List<Ledger.Head> needed = List.of();
        for (Statement each : old) {
            if (!isAfterBegin(each)) {
                continue;
            }
            if (covers(each, needed) || !endsSegments(each)) {
                continue;
            }
            List<Ledger.Head> stillNeeded = store.read(handle -> stillNeeded(handle, each, limit));
            if (stillNeeded.isEmpty()) {
                return Optional.of(each);
            }
            needed = stillNeeded;
        }
        return Optional.empty();
    }

    /** Returns whether a checkpoint covers one of the records that are still needed. */
    private static boolean covers(Statement checkpoint, List<Ledger.Head> needed) {
        return checkpoint.heads().stream().anyMatch(head -> needed.stream()
                .anyMatch(record -> record.lane() == head.lane() && record.seq() <= head.seq()));
    }

    /** Returns whether each head is a row or the last record of a segment, because only whole segments can be deleted. */
    private boolean endsSegments(Statement checkpoint) {
        return store.read(handle ->
                checkpoint.heads().stream().allMatch(head -> Prunable.endsSegment(handle, head.lane(), head.seq())));
    }

    /** Returns whether a checkpoint names a record that is not pruned yet. */
    private boolean isAfterBegin(Statement checkpoint) {
        Map<Long, Lane.Extent> extents = extents();
        return checkpoint.heads().stream()
                .anyMatch(head -> extents.containsKey(head.lane())
                        && head.seq() > extents.get(head.lane()).begin().seq());
    }

    private Map<Long, Lane.Extent> extents() {
        return store.read(Lane::extents).stream()
                .collect(Collectors.toMap(each -> each.head().lane(), Function.identity()));
    }

    /** Returns the first needed record of each lane up to the checkpoint: its message is still in the box, or has younger records. */
    private static List<Ledger.Head> stillNeeded(Handle handle, Statement checkpoint, Instant limit) {
        List<Ledger.Head> needed = new ArrayList<>();
        for (Ledger.Head head : checkpoint.heads()) {
            Prunable.firstNeeded(handle, head, limit).ifPresent(needed::add);
        }
        return needed;
    }

    private void advance(Statement checkpoint, Instant now, UnaryOperator<Entry> by)
            throws IOException, GeneralSecurityException {
        Map<Long, Ledger.Head> named = new HashMap<>();
        checkpoint.heads().forEach(head -> named.put(head.lane(), head));
        List<Ledger.Head> ends = new ArrayList<>();
        for (Lane.Extent extent : extents().values()) {
            Ledger.Head head = named.getOrDefault(extent.head().lane(), extent.begin());
            Ledger.Head end = head.seq() > extent.begin().seq() ? head : extent.begin();
            if (end.seq() > 0) {
                ends.add(end);
            }
        }
        requireOnTheLedger(ends);
        Entry entry = by.apply(checkpoints.prune(ledger.headsOnDisk(), ends, now));
        store.change(transaction -> {
            ends.forEach(end -> Prunable.advance(transaction.handle(), end));
            ledger.append(
                    transaction,
                    entry.detail(
                            "detail",
                            "records up to "
                                    + ends.stream().map(Ledger.Head::place).collect(Collectors.joining(", "))
                                    + " of " + checkpoint.at() + " deleted: their retention period is over"));
        });
    }

    /** Checks that the records at {@code ends} are the signed ones. Changed records are evidence, and must not be deleted. */
    private void requireOnTheLedger(List<Ledger.Head> ends) {
        for (Ledger.Head end : ends) {
            boolean isOnTheLedger = store.read(handle -> Prunable.isOnTheLedger(handle, end));
            if (!isOnTheLedger) {
                throw new IllegalStateException("record " + end.place()
                        + " of the ledger differs from the signed one: it was changed or is damaged. Sending continues, but"
                        + " no old record is deleted until this is resolved. Run `sendport audit verify`, and keep the"
                        + " message box and its backups as they are");
            }
        }
    }

    /** Deletes the records up to the start of each lane. Uses small transactions, so that other writers do not wait long. */
    private long deleteLeftovers(Anchors anchors) {
        long deleted = 0;
        for (Lane.Extent extent : extents().values()) {
            Ledger.Head begin = extent.begin();
            // Without a trusted statement, the records are evidence, or another machine must delete them.
            int batch = begin.seq() == 0 || !anchors.allowBegin(begin) ? 0 : BATCH;
            while (batch > 0) {
                batch = store.write(transaction -> Prunable.delete(transaction.handle(), begin, BATCH));
                deleted += batch;
            }
        }
        return deleted;
    }
}
