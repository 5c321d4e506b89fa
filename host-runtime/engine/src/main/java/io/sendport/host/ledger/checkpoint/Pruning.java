package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.SearchIndex;
import io.sendport.host.store.Store;
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
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Deletes the oldest records of all lanes up to one signed checkpoint. The rest is a chain that starts at a signed place. Retention
 * counts from the end of a message, so no record is deleted before the last record of its message has expired.
 */
public final class Pruning {

    private static final int BATCH = 200;

    private final Store store;
    private final Ledger ledger;
    private final Checkpoints checkpoints;

    /** Prunes {@code ledger} in {@code store} at places that {@code checkpoints} name. */
    public Pruning(Store store, Ledger ledger, Checkpoints checkpoints) {
        this.store = store;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
    }

    /**
     * Deletes records from before {@code limit}, as far as a checkpoint allows.
     *
     * @return how many records were deleted
     * @throws IOException when the location of checkpoints cannot be written; nothing more is deleted then
     * @throws GeneralSecurityException when the key cannot be used; nothing more is deleted then
     */
    public long run(Instant limit, Instant now, String host, String instance)
            throws IOException, GeneralSecurityException {
        Testimony testimony = checkpoints.testimony();
        Optional<Statement> place = place(testimony, limit);
        if (place.isPresent()) {
            testimony.requireTrusted(
                    checkpoints.fingerprint(),
                    place.get().heads().stream().map(Ledger.Head::lane).toList());
            advance(place.get(), now, host, instance);
        }
        return deleteLeftovers(checkpoints.testimony().anchors());
    }

    /**
     * The newest checkpoint up to which everything may be deleted, if anything is left to delete. Tries checkpoints from the newest
     * to the oldest, each once. Times only decide which are old enough, because the clock may have been set.
     */
    private Optional<Statement> place(Testimony testimony, Instant limit) {
        List<Statement> old = testimony.statements().stream()
                .filter(each -> Instant.parse(each.at()).isBefore(limit))
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.reverse(old);
        List<Ledger.Head> needed = List.of();
        for (Statement each : old) {
            if (!isFurther(each)) {
                continue;
            }
            if (names(each, needed)) {
                continue;
            }
            List<Ledger.Head> here = store.read(handle -> stillNeeded(handle, each, limit));
            if (here.isEmpty()) {
                return Optional.of(each);
            }
            needed = here;
        }
        return Optional.empty();
    }

    /** Whether a checkpoint covers a record that is still needed. */
    private static boolean names(Statement checkpoint, List<Ledger.Head> needed) {
        return checkpoint.heads().stream().anyMatch(head -> needed.stream()
                .anyMatch(record -> record.lane() == head.lane() && record.seq() <= head.seq()));
    }

    private boolean isFurther(Statement checkpoint) {
        Map<Long, Lane.Extent> extents = extents();
        return checkpoint.heads().stream()
                .anyMatch(head -> extents.containsKey(head.lane())
                        && head.seq() > extents.get(head.lane()).begin().seq());
    }

    private Map<Long, Lane.Extent> extents() {
        return store.read(Lane::extents).stream()
                .collect(Collectors.toMap(each -> each.head().lane(), Function.identity()));
    }

    /** The first record of each lane up to there whose message is still in the box, or has records that must stay. */
    private static List<Ledger.Head> stillNeeded(Handle handle, Statement checkpoint, Instant limit) {
        List<Ledger.Head> needed = new ArrayList<>();
        for (Ledger.Head head : checkpoint.heads()) {
            handle.createQuery("SELECT r.seq FROM audit_record r JOIN audit_lane l ON l.lane = r.lane"
                            + " WHERE r.lane = ? AND r.seq > l.pruned_seq AND r.seq <= ?"
                            + " AND r.message IS NOT NULL"
                            + " AND (EXISTS (SELECT 1 FROM message m WHERE m.id = r.message)"
                            + " OR EXISTS (SELECT 1 FROM audit_record n WHERE n.message = r.message AND n.at >= ?))"
                            + " ORDER BY r.seq LIMIT 1")
                    .bind(0, head.lane())
                    .bind(1, head.seq())
                    .bind(2, limit.toEpochMilli())
                    .mapTo(Long.class)
                    .findFirst()
                    .ifPresent(seq -> needed.add(new Ledger.Head(head.lane(), seq, "")));
        }
        return needed;
    }

    private void advance(Statement checkpoint, Instant now, String host, String instance)
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
        Entry entry = checkpoints.prune(ledger.headsOnDisk(), ends, now).by(host, instance);
        store.change(transaction -> {
            for (Ledger.Head end : ends) {
                transaction
                        .handle()
                        .execute(
                                "UPDATE audit_lane SET pruned_seq = ?, pruned_hash = ? WHERE lane = ? AND pruned_seq < ?",
                                end.seq(),
                                end.hash(),
                                end.lane(),
                                end.seq());
            }
            ledger.append(
                    transaction,
                    entry.detail(
                            "detail",
                            "records up to "
                                    + ends.stream().map(Ledger.Head::place).collect(Collectors.joining(", "))
                                    + " of " + checkpoint.at() + " deleted: their retention period is over"));
        });
    }

    /** Records that differ from the signed ones are evidence, and stay. */
    private void requireOnTheLedger(List<Ledger.Head> ends) {
        for (Ledger.Head end : ends) {
            boolean same = store.read(handle -> handle.createQuery(
                            "SELECT (SELECT pruned_hash FROM audit_lane WHERE lane = ?"
                                    + " AND pruned_seq = ?) = ? OR (SELECT hash FROM audit_record WHERE lane = ? AND seq = ?) = ?")
                    .bind(0, end.lane())
                    .bind(1, end.seq())
                    .bind(2, end.hash())
                    .bind(3, end.lane())
                    .bind(4, end.seq())
                    .bind(5, end.hash())
                    .mapTo(Boolean.class)
                    .findOne()
                    .orElse(false));
            if (!same) {
                throw new IllegalStateException("record " + end.place()
                        + " differs from the signed one; nothing is pruned, run `sendport audit verify`");
            }
        }
    }

    /** Uses small transactions, so that other writers do not wait; after a crash the next run continues. */
    private long deleteLeftovers(Anchors anchors) {
        long deleted = 0;
        for (Lane.Extent extent : extents().values()) {
            Ledger.Head begin = extent.begin();
            // A gap without a signature from here is evidence, or another machine must delete the rest.
            int batch = begin.seq() == 0 || !anchors.allowBegin(begin) ? 0 : BATCH;
            while (batch == BATCH) {
                batch = store.write(transaction -> delete(transaction.handle(), begin));
                deleted += batch;
            }
        }
        return deleted;
    }

    private static int delete(Handle handle, Ledger.Head begin) {
        List<Ledger.Erasable> batch =
                Ledger.erasable(handle, "lane = ? AND seq <= ? ORDER BY seq LIMIT " + BATCH, begin.lane(), begin.seq());
        for (Ledger.Erasable each : batch) {
            SearchIndex.remove(handle, each.lane(), each.seq(), each.secret());
            handle.execute("DELETE FROM audit_record WHERE lane = ? AND seq = ?", each.lane(), each.seq());
        }
        return batch.size();
    }
}
