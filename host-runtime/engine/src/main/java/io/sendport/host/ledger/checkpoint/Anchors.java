package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The places on the ledger that trusted statements name, by lane. */
public final class Anchors {

    private static final String ADVICE =
            ". Records were deleted, or an old copy of the database was put back. Compare with the newest backup";

    private final Map<Long, NavigableMap<Long, Anchor>> places = new HashMap<>();
    private final Map<Long, NavigableMap<Long, List<Statement.Tree>>> trees = new HashMap<>();
    private final Set<Ledger.Head> pruned = new HashSet<>();
    private @Nullable String fork;

    /** The signed hash of a place, and the first statement that names it. */
    private record Anchor(String hash, Statement by) {}

    /** Adds a place that the statement {@code by} names. */
    void add(Ledger.Head head, Statement by) {
        Anchor earlier = places.computeIfAbsent(head.lane(), lane -> new TreeMap<>())
                .putIfAbsent(head.seq(), new Anchor(head.hash(), by));
        if (earlier != null && !earlier.hash().equals(head.hash()) && fork == null) {
            fork = "the ledger was forked at " + head.place() + ": " + quoted(earlier.by(), earlier.hash()) + ", and "
                    + quoted(by, head.hash()) + "; both signatures are valid";
        }
    }

    private static String quoted(Statement by, String hash) {
        return "the statement of " + by.at() + " (" + by.origin() + ") names hash " + hash;
    }

    /** Adds a Merkle root that a trusted statement names. */
    void add(Statement.Tree tree) {
        trees.computeIfAbsent(tree.lane(), lane -> new TreeMap<>())
                .computeIfAbsent(tree.from(), from -> new ArrayList<>())
                .add(tree);
    }

    /** Adds a place up to which a trusted statement allows the deletion of all records. */
    void addPruned(Ledger.Head end) {
        pruned.add(end);
    }

    /** Describes two statements that name different records for one place; empty when there are none. */
    public Optional<String> fork() {
        return Optional.ofNullable(fork);
    }

    /** Returns the signed hash of a place; null when no statement names the place. */
    @Nullable
    public String at(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Anchor anchor = anchors == null ? null : anchors.get(seq);
        return anchor == null ? null : anchor.hash();
    }

    /** Returns the signed trees that start at that record. */
    public List<Statement.Tree> treesFrom(long lane, long seq) {
        NavigableMap<Long, List<Statement.Tree>> starts = trees.get(lane);
        return starts == null ? List.of() : starts.getOrDefault(seq, List.of());
    }

    /** Returns the first place from {@code seq} on that a statement names or where a tree starts; {@link Long#MAX_VALUE} for none. */
    public long next(long lane, long seq) {
        NavigableMap<Long, List<Statement.Tree>> starts = trees.get(lane);
        Long start = starts == null ? null : starts.ceilingKey(seq);
        return Math.min(from(lane, seq), start == null ? Long.MAX_VALUE : start);
    }

    /** Returns the lanes that statements name. */
    Set<Long> lanes() {
        return places.keySet();
    }

    /** Returns the newest signed place of the lane; 0 for none. */
    long newest(long lane) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        return anchors == null ? 0 : anchors.lastKey();
    }

    /** Returns the newest signed place of the lane up to {@code seq}; 0 for none. */
    public long upTo(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Long place = anchors == null ? null : anchors.floorKey(seq);
        return place == null ? 0 : place;
    }

    /** Returns the oldest signed place of the lane from {@code seq} on; {@link Long#MAX_VALUE} for none. */
    public long from(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Long place = anchors == null ? null : anchors.ceilingKey(seq);
        return place == null ? Long.MAX_VALUE : place;
    }

    /** Returns whether a lane may start after {@code begin}: nothing was deleted, or a trusted statement allows the deletion. */
    public boolean allowBegin(Ledger.Head begin) {
        return begin.seq() == 0 || pruned.contains(begin);
    }

    /** Describes a signed record after {@code end}, the end of a lane; empty when there is none. */
    public Optional<String> unmet(Ledger.Head end) {
        return newest(end.lane()) > end.seq()
                ? Optional.of("record " + end.lane() + ":" + newest(end.lane())
                        + " is missing, although a signed checkpoint names it; the lane ends with record " + end.place()
                        + ": the end of the ledger was cut off" + ADVICE)
                : Optional.empty();
    }

    private boolean isPrunedToTheEnd(long lane) {
        return pruned.contains(new Ledger.Head(lane, newest(lane), String.valueOf(at(lane, newest(lane)))));
    }

    /** Describes a signed lane that is not among {@code lanes}; empty when none is missing. Ignores lanes that were pruned to the end. */
    public Optional<String> lost(Set<Long> lanes) {
        return places.keySet().stream()
                .filter(lane -> newest(lane) > 0 && !lanes.contains(lane) && !isPrunedToTheEnd(lane))
                .findFirst()
                .map(lane -> "lane " + lane + " is missing, although signed checkpoints name it up to record " + lane
                        + ":" + newest(lane) + ": the lane was removed" + ADVICE);
    }
}
