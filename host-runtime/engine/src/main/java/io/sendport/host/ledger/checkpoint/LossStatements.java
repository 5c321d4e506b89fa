package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Signs statements about lost records, after a backup replaced the store or the database lost commits. The affected lanes end. The
 * statement, outside the store, names the missing records, the responsible person and the reason. The ledger continues in another lane,
 * so that no place is ever signed twice.
 */
public final class LossStatements {

    private final Store store;
    private final Ledger ledger;
    private final Checkpoints checkpoints;

    /** Handles losses of {@code ledger} in {@code store}, with statements that {@code checkpoints} signs. */
    public LossStatements(Store store, Ledger ledger, Checkpoints checkpoints) {
        this.store = store;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
    }

    /**
     * Ends every lane of a backup that replaces the store, and signs which records are missing.
     *
     * @param replaced the heads of the lanes in the replaced store, as far as they can still be read
     * @param who the responsible person
     * @param why that person's reason
     * @param now the current time
     * @return the entry to append
     * @throws IOException when the statement cannot be written; the backup must not be used then
     * @throws GeneralSecurityException when the statement cannot be signed, or its signature would not count
     */
    public Entry restored(Collection<Ledger.Head> replaced, String who, String why, Instant now)
            throws IOException, GeneralSecurityException {
        Map<Long, Ledger.Head> newest =
                newestSigned(checkpoints.evaluatedStatements().anchors());
        replaced.forEach(head -> newest.merge(head.lane(), head, LossStatements::newer));
        Map<Long, Ledger.Head> remaining = new TreeMap<>();
        ledger.heads().forEach(head -> remaining.put(head.lane(), head));
        List<Statement.Cut> cuts = new ArrayList<>();
        for (Ledger.Head head : newest.values()) {
            long after = Optional.ofNullable(remaining.get(head.lane()))
                    .map(Ledger.Head::seq)
                    .orElse(0L);
            if (head.seq() > after) {
                cuts.add(new Statement.Cut(head.lane(), after, head.seq(), head.hash()));
            }
        }
        return abandon(
                new Statement.Abandoned(Statement.Cause.RESTORED, cuts, who, why), remaining.keySet(), newest, now);
    }

    /**
     * Ends every lane that lacks a signed record because the database lost commits, and signs that an operator accepts the loss.
     *
     * @param who the operator who accepts the loss
     * @param why that person's reason
     * @param now the current time
     * @return the entry to append
     * @throws IOException when the statement cannot be written
     * @throws GeneralSecurityException when the statement cannot be signed, or its signature would not count
     */
    public Entry lost(String who, String why, Instant now) throws IOException, GeneralSecurityException {
        Anchors anchors = checkpoints.evaluatedStatements().anchors();
        Map<Long, Ledger.Head> newest = newestSigned(anchors);
        List<Statement.Cut> cuts = missing(newest, ledger)
                .map(head -> new Statement.Cut(head.lane(), lastRemaining(anchors, head), head.seq(), head.hash()))
                .toList();
        Set<Long> lanes = cuts.stream().map(Statement.Cut::lane).collect(Collectors.toSet());
        return abandon(new Statement.Abandoned(Statement.Cause.LOST, cuts, who, why), lanes, newest, now);
    }

    /** Returns the lanes that lack a record which a statement names. */
    public static Lane.Losing losing(Ledger ledger, Checkpoints checkpoints) {
        Map<Long, Ledger.Head> newest =
                newestSigned(checkpoints.evaluatedStatements().anchors());
        Set<Long> lanes = missing(newest, ledger).map(Ledger.Head::lane).collect(Collectors.toSet());
        return lanes.isEmpty() ? Lane.Losing.NONE : new Lane.Losing(lanes, greatestLane(newest));
    }

    /** Returns all lanes: for a ledger that may lack signed records whose statements are lost as well. */
    public static Lane.Losing losingAll(Ledger ledger, Checkpoints checkpoints) {
        Map<Long, Ledger.Head> known =
                newestSigned(checkpoints.evaluatedStatements().anchors());
        ledger.heads().forEach(head -> known.merge(head.lane(), head, LossStatements::newer));
        return known.isEmpty() ? Lane.Losing.NONE : new Lane.Losing(Set.copyOf(known.keySet()), greatestLane(known));
    }

    private static Stream<Ledger.Head> missing(Map<Long, Ledger.Head> signed, Ledger ledger) {
        return signed.values().stream().filter(head -> head.seq() > 0 && !ledger.has(head));
    }

    private static long greatestLane(Map<Long, Ledger.Head> heads) {
        return heads.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Returns the last signed place before {@code head} that the ledger still has; 0 for none. */
    private long lastRemaining(Anchors anchors, Ledger.Head head) {
        long seq = anchors.upTo(head.lane(), head.seq() - 1);
        while (seq > 0
                && !ledger.has(new Ledger.Head(head.lane(), seq, String.valueOf(anchors.at(head.lane(), seq))))) {
            seq = anchors.upTo(head.lane(), seq - 1);
        }
        return seq;
    }

    private static Map<Long, Ledger.Head> newestSigned(Anchors anchors) {
        Map<Long, Ledger.Head> newest = new TreeMap<>();
        for (long lane : anchors.lanes()) {
            long seq = anchors.newest(lane);
            newest.put(lane, new Ledger.Head(lane, seq, String.valueOf(anchors.at(lane, seq))));
        }
        return newest;
    }

    private static Ledger.Head newer(Ledger.Head one, Ledger.Head other) {
        return one.seq() >= other.seq() ? one : other;
    }

    /** Ends {@code lanes}, and signs the statement. */
    private Entry abandon(Statement.Abandoned abandoned, Set<Long> lanes, Map<Long, Ledger.Head> known, Instant now)
            throws IOException, GeneralSecurityException {
        checkpoints.evaluatedStatements().requireTrusted(checkpoints.fingerprint(), lanes);
        store.change(transaction -> Lane.end(transaction.handle(), lanes, greatestLane(known)));
        return checkpoints.abandon(abandoned, ledger.headsOnDisk(), now);
    }
}
