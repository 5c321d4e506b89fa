package io.sendport.host.ledger;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What signed checkpoints outside the store say, by lane. */
final class Anchors {

    private final Map<Long, NavigableMap<Long, String>> hashes = new HashMap<>();
    private final Set<Ledger.Head> pruned = new HashSet<>();

    Anchors(List<Checkpoints.Checkpoint> signed) {
        for (Checkpoints.Checkpoint checkpoint : signed) {
            pruned.addAll(checkpoint.pruned());
            for (Ledger.Head head : checkpoint.heads()) {
                hashes.computeIfAbsent(head.lane(), lane -> new TreeMap<>()).put(head.seq(), head.hash());
            }
        }
    }

    @Nullable
    String at(long lane, long seq) {
        NavigableMap<Long, String> places = hashes.get(lane);
        return places == null ? null : places.get(seq);
    }

    /** The newest place of the lane that is vouched for; 0 for none. */
    long newest(long lane) {
        NavigableMap<Long, String> places = hashes.get(lane);
        return places == null ? 0 : places.lastKey();
    }

    /** The newest place of the lane up to {@code seq} that is vouched for; 0 for none. */
    long upTo(long lane, long seq) {
        NavigableMap<Long, String> places = hashes.get(lane);
        Long place = places == null ? null : places.floorKey(seq);
        return place == null ? 0 : place;
    }

    /** Whether somebody signed that everything up to there was deleted. */
    boolean allowBegin(Ledger.Head begin) {
        return begin.seq() == 0 || pruned.contains(begin);
    }

    Optional<String> unmet(Ledger.Head end) {
        return newest(end.lane()) > end.seq()
                ? Optional.of("a signed checkpoint names record " + end.lane() + ":" + newest(end.lane())
                        + ", which is not there: the end of the ledger was cut off")
                : Optional.empty();
    }

    private boolean isPrunedToTheEnd(long lane) {
        return pruned.contains(new Ledger.Head(lane, newest(lane), String.valueOf(at(lane, newest(lane)))));
    }

    /** A lane that is vouched for and not there at all; one that was pruned to its end has nothing left. */
    Optional<String> lost(Set<Long> lanes) {
        return hashes.keySet().stream()
                .filter(lane -> newest(lane) > 0 && !lanes.contains(lane) && !isPrunedToTheEnd(lane))
                .findFirst()
                .map(lane -> "signed checkpoints name lane " + lane + ", which is not there: it was removed");
    }
}
