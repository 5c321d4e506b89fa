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

/** The trusted statements about places on the ledger, by lane. */
public final class Anchors {

    private static final String CAUSES =
            ". Records were deleted, or an old copy of the database was put back. Compare with the newest backup";

    private final Map<Long, NavigableMap<Long, Anchor>> places = new HashMap<>();
    private final Map<Long, NavigableMap<Long, List<Statement.Tree>>> trees = new HashMap<>();
    private final Set<Ledger.Head> pruned = new HashSet<>();
    private @Nullable String fork;

    /** The hash of a place, and the statement that named it first. */
    private record Anchor(String hash, Statement by) {}

    /** Adds that {@code by} names that record for that place. */
    void add(Ledger.Head head, Statement by) {
        Anchor earlier = places.computeIfAbsent(head.lane(), lane -> new TreeMap<>())
                .putIfAbsent(head.seq(), new Anchor(head.hash(), by));
        if (earlier != null && !earlier.hash().equals(head.hash()) && fork == null) {
            fork = "the ledger was forked at " + head.place() + ": " + quote(earlier.by(), earlier.hash()) + ", and "
                    + quote(by, head.hash()) + "; both signatures are valid";
        }
    }

    private static String quote(Statement by, String hash) {
        return "the statement of " + by.at() + " (" + by.origin() + ") names hash " + hash;
    }

    /** Adds that a trusted statement names that root for those records. */
    void add(Statement.Tree tree) {
        trees.computeIfAbsent(tree.lane(), lane -> new TreeMap<>())
                .computeIfAbsent(tree.from(), from -> new ArrayList<>())
                .add(tree);
    }

    /** Adds that everything up to that place may be deleted. */
    void addPruned(Ledger.Head end) {
        pruned.add(end);
    }

    /** Two statements that name different records for one place. */
    public Optional<String> fork() {
        return Optional.ofNullable(fork);
    }

    @Nullable
    public String at(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Anchor anchor = anchors == null ? null : anchors.get(seq);
        return anchor == null ? null : anchor.hash();
    }

    /** The trees that start at that record. */
    public List<Statement.Tree> treesFrom(long lane, long seq) {
        NavigableMap<Long, List<Statement.Tree>> starts = trees.get(lane);
        return starts == null ? List.of() : starts.getOrDefault(seq, List.of());
    }

    /** The first place of the lane from {@code seq} on that a statement names or a tree starts at; the largest number for none. */
    public long next(long lane, long seq) {
        NavigableMap<Long, List<Statement.Tree>> starts = trees.get(lane);
        Long start = starts == null ? null : starts.ceilingKey(seq);
        return Math.min(from(lane, seq), start == null ? Long.MAX_VALUE : start);
    }

    /** The lanes that statements name. */
    Set<Long> lanes() {
        return places.keySet();
    }

    /** The newest signed place of the lane; 0 for none. */
    long newest(long lane) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        return anchors == null ? 0 : anchors.lastKey();
    }

    /** The newest signed place of the lane up to {@code seq}; 0 for none. */
    public long upTo(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Long place = anchors == null ? null : anchors.floorKey(seq);
        return place == null ? 0 : place;
    }

    /** The oldest signed place of the lane from {@code seq} on; the largest number for none. */
    public long from(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Long place = anchors == null ? null : anchors.ceilingKey(seq);
        return place == null ? Long.MAX_VALUE : place;
    }

    /** Whether a signed statement says that everything up to there was deleted. */
    public boolean allowBegin(Ledger.Head begin) {
        return begin.seq() == 0 || pruned.contains(begin);
    }

    public Optional<String> unmet(Ledger.Head end) {
        return newest(end.lane()) > end.seq()
                ? Optional.of("record " + end.lane() + ":" + newest(end.lane())
                        + " is missing, although a signed checkpoint names it; the lane ends with record " + end.place()
                        + ": the end of the ledger was cut off" + CAUSES)
                : Optional.empty();
    }

    private boolean isPrunedToTheEnd(long lane) {
        return pruned.contains(new Ledger.Head(lane, newest(lane), String.valueOf(at(lane, newest(lane)))));
    }

    /** A signed lane that is missing completely; a lane that was pruned to its end does not count. */
    public Optional<String> lost(Set<Long> lanes) {
        return places.keySet().stream()
                .filter(lane -> newest(lane) > 0 && !lanes.contains(lane) && !isPrunedToTheEnd(lane))
                .findFirst()
                .map(lane -> "lane " + lane + " is missing, although signed checkpoints name it up to record " + lane
                        + ":" + newest(lane) + ": the lane was removed" + CAUSES);
    }
}
