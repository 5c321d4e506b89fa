package io.sendport.host.ledger;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What records say about others, and what must be found elsewhere too. A deletion is believed only where the same was signed outside
 * the store: whoever can write to the store could add a record that says so.
 */
final class Statements {

    static final String MISSING = "a checkpoint that the ledger tells of is missing outside the store";

    private final Map<String, Checkpoints.Checkpoint> outside;
    private final Optional<String> ownKey;
    private final Map<String, String> told = new LinkedHashMap<>();
    private final Set<String> blank = new HashSet<>();
    private final Set<String> erased = new HashSet<>();
    private final Map<Long, Ledger.Head> prunedElsewhere = new HashMap<>();

    /**
     * @param signed what lies outside the store
     * @param ownKey the fingerprint of the key that signed it; empty where there is none
     */
    Statements(List<Checkpoints.Checkpoint> signed, Optional<String> ownKey) {
        this.outside = signed.stream()
                .collect(Collectors.toMap(Checkpoints.Checkpoint::hash, each -> each, (one, other) -> one));
        this.ownKey = ownKey;
    }

    /** The private part of the record at {@code place} is gone. */
    void blank(String place) {
        blank.add(place);
    }

    /** Takes note of what a record says, once its hash is known to hold; why that can't be, or null. */
    @Nullable
    String hear(Link link, LinkHeader header) {
        String checkpoint = header.checkpoint;
        if (checkpoint == null) {
            return null;
        }
        String key = String.valueOf(header.key);
        told.put(checkpoint, key);
        if (header.kind.equals(Kind.ERASED.name())) {
            List<?> places = list(link, "erased");
            Checkpoints.Checkpoint signed = outside.get(checkpoint);
            if (isOwn(key) && (signed == null || !signed.erased().equals(Hashing.ofHeader(CanonicalJson.of(places))))) {
                return "says that private parts were erased, and nobody signed that";
            }
            places.forEach(each -> erased.add(String.valueOf(each)));
        }
        if (header.kind.equals(Kind.PRUNED.name()) && !isOwn(key)) {
            list(link, "pruned").forEach(each -> {
                Ledger.Head head = Ledger.Head.of(each);
                prunedElsewhere.merge(head.lane(), head, (one, other) -> one.seq() > other.seq() ? one : other);
            });
        }
        return null;
    }

    private static List<?> list(Link link, String name) {
        return Ledger.parse(link.header()).getOrDefault(name, List.of()) instanceof List<?> list ? list : List.of();
    }

    /** A private part that is gone though nobody erased it. */
    Optional<String> faultOfBlanks() {
        return blank.stream()
                .filter(each -> !erased.contains(each))
                .findFirst()
                .map(each -> "record " + each + ": its private part is gone, and no ERASED record says so");
    }

    /** A lane that begins where nobody signed that it does. */
    Optional<String> faultOfBegin(Ledger.Head begin, Anchors anchors) {
        return anchors.allowBegin(begin) || begin.equals(prunedElsewhere.get(begin.lane()))
                ? Optional.empty()
                : Optional.of(
                        "the records up to " + begin.place() + " are gone, and nobody signed that they were pruned");
    }

    /** Every checkpoint that the ledger tells of must lie outside the store too; those of another key where that is kept. */
    Optional<String> faultOfMissing() {
        return told.entrySet().stream()
                .filter(each -> isOwn(each.getValue()) && !outside.containsKey(each.getKey()))
                .findFirst()
                .map(each -> MISSING);
    }

    /** How many checkpoints were signed by other keys. */
    long elsewhere() {
        return told.values().stream().filter(key -> !isOwn(key)).count();
    }

    /** How many records have no private part any more. */
    long erased() {
        return blank.size();
    }

    private boolean isOwn(String key) {
        return ownKey.isEmpty() || ownKey.get().equals(key);
    }
}
