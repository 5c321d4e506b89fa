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

/** What statements that count say about places on the ledger, by lane. */
public final class Anchors {

    private final Map<Long, NavigableMap<Long, Anchor>> places = new HashMap<>();
    private final Map<Long, Map<Long, List<Statement.Tree>>> trees = new HashMap<>();
    private final Set<Ledger.Head> pruned = new HashSet<>();
    private @Nullable String fork;

    /** A place, and the statement that named it first. */
    private record Anchor(String hash, Statement by) {}

    /** That place has that record, says {@code by}. */
    void add(Ledger.Head head, Statement by) {
        Anchor earlier = places.computeIfAbsent(head.lane(), lane -> new TreeMap<>())
                .putIfAbsent(head.seq(), new Anchor(head.hash(), by));
        if (earlier != null && !earlier.hash().equals(head.hash()) && fork == null) {
            fork = "the ledger was forked at " + head.place() + ": " + quote(earlier.by(), earlier.hash()) + ", and "
                    + quote(by, head.hash()) + "; both signatures hold";
        }
    }

    private static String quote(Statement by, String hash) {
        return "the statement of " + by.at() + " (" + by.origin() + ") names hash " + hash;
    }

    /** Those records have that root, says somebody whose word counts. */
    void add(Statement.Tree tree) {
        trees.computeIfAbsent(tree.lane(), lane -> new HashMap<>())
                .computeIfAbsent(tree.from(), from -> new ArrayList<>())
                .add(tree);
    }

    /** Everything up to there may be deleted. */
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

    /** The trees whose first record is there. */
    public List<Statement.Tree> treesFrom(long lane, long seq) {
        return trees.getOrDefault(lane, Map.of()).getOrDefault(seq, List.of());
    }

    /** Lanes of which something is said. */
    Set<Long> lanes() {
        return places.keySet();
    }

    /** The newest place of the lane that is vouched for; 0 for none. */
    long newest(long lane) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        return anchors == null ? 0 : anchors.lastKey();
    }

    /** The newest place of the lane up to {@code seq} that is vouched for; 0 for none. */
    public long upTo(long lane, long seq) {
        NavigableMap<Long, Anchor> anchors = places.get(lane);
        Long place = anchors == null ? null : anchors.floorKey(seq);
        return place == null ? 0 : place;
    }

    /** Whether somebody signed that everything up to there was deleted. */
    public boolean allowBegin(Ledger.Head begin) {
        return begin.seq() == 0 || pruned.contains(begin);
    }

    public Optional<String> unmet(Ledger.Head end) {
        return newest(end.lane()) > end.seq()
                ? Optional.of("a signed checkpoint names record " + end.lane() + ":" + newest(end.lane())
                        + ", which is not there: the end of the ledger was cut off")
                : Optional.empty();
    }

    private boolean isPrunedToTheEnd(long lane) {
        return pruned.contains(new Ledger.Head(lane, newest(lane), String.valueOf(at(lane, newest(lane)))));
    }

    /** A lane that is vouched for and not there at all; one that was pruned to its end has nothing left. */
    public Optional<String> lost(Set<Long> lanes) {
        return places.keySet().stream()
                .filter(lane -> newest(lane) > 0 && !lanes.contains(lane) && !isPrunedToTheEnd(lane))
                .findFirst()
                .map(lane -> "signed checkpoints name lane " + lane + ", which is not there: it was removed");
    }
}
