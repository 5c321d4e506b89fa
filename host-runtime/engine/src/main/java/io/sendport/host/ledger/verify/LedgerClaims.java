package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.checkpoint.Anchors;
import io.sendport.host.ledger.checkpoint.EvaluatedStatements;
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
 * The claims of records about others, and about statements outside the store. A deletion counts only if a trusted key signed it
 * outside: a person who can write to the store could add a record that claims it.
 */
final class LedgerClaims {

    static final String MISSING = "a checkpoint that the ledger names is missing outside the store";

    private final Optional<EvaluatedStatements> evaluatedStatements;
    private final Set<String> ownKeys;
    private final Map<String, String> told = new LinkedHashMap<>();
    private final Set<String> blank = new HashSet<>();
    private final Set<String> erased = new HashSet<>();
    private final Map<String, String> erasedByOthers = new HashMap<>();
    private final Map<Long, String> prunedBy = new HashMap<>();

    /**
     * Compares records with signed statements.
     *
     * @param evaluatedStatements the statements; if empty, the claims of records are accepted
     * @param ownKeys fingerprints of keys whose statements must be present
     */
    LedgerClaims(Optional<EvaluatedStatements> evaluatedStatements, Set<String> ownKeys) {
        this.evaluatedStatements = evaluatedStatements;
        this.ownKeys = ownKeys;
    }

    /** Adds a record at {@code place} whose private part was deleted. */
    void blank(String place) {
        blank.add(place);
    }

    /** Adds the claim of a record whose hash is valid. Returns why the claim is wrong; null when it is acceptable. */
    @Nullable
    String hear(StoredRecord link, LinkHeader header) {
        String statement = header.checkpoint;
        if (statement == null) {
            return null;
        }
        String key = String.valueOf(header.key);
        told.put(statement, key);
        if (header.kind.equals(Kind.ERASED.name())) {
            return hearErased(link, statement, key);
        }
        if (header.kind.equals(Kind.PRUNED.name())) {
            list(link, "pruned")
                    .forEach(each -> prunedBy.put(Ledger.Head.of(each).lane(), key));
        }
        return null;
    }

    private @Nullable String hearErased(StoredRecord link, String statement, String key) {
        List<String> places = list(link, "erased").stream().map(String::valueOf).toList();
        if (evaluatedStatements.isEmpty()) {
            erased.addAll(places);
            return null;
        }
        Set<Long> lanes = places.stream().map(LedgerClaims::lane).collect(Collectors.toSet());
        if (evaluatedStatements.get().allowsErasure(statement, Hashing.ofHeader(CanonicalJson.of(places)), lanes)) {
            erased.addAll(places);
            return null;
        }
        if (evaluatedStatements.get().isTrusted(key)) {
            return "claims that private parts were erased, but no trusted signature confirms that";
        }
        places.forEach(place -> erasedByOthers.put(place, key));
        return null;
    }

    private static long lane(String place) {
        int colon = place.indexOf(':');
        try {
            return colon < 0 ? -1 : Long.parseLong(place.substring(0, colon));
        } catch (NumberFormatException e) {
            // It names no lane of this ledger, so nothing confirms it.
            return -1;
        }
    }

    private static List<?> list(StoredRecord link, String name) {
        return Ledger.parse(link.header()).getOrDefault(name, List.of()) instanceof List<?> list ? list : List.of();
    }

    /** Reports a private part that is missing without a valid erasure. */
    Optional<String> faultOfBlanks() {
        return blank.stream()
                .filter(each -> !erased.contains(each))
                .findFirst()
                .map(each -> erasedByOthers.containsKey(each)
                        ? "record " + each + " lost its private part, and the erasure names key "
                                + erasedByOthers.get(each) + ", which did not sign it here or is not trusted"
                        : "record " + each + " lost its private part, and no ERASED record explains that");
    }

    /** Reports a lane whose start no signed statement confirms. */
    Optional<String> faultOfBegin(Ledger.Head begin, Anchors anchors) {
        if (evaluatedStatements.isEmpty() || anchors.allowBegin(begin)) {
            return Optional.empty();
        }
        String key = prunedBy.get(begin.lane());
        return Optional.of("the records up to " + begin.place()
                + " are missing, and no trusted signature says that they were pruned"
                + (key == null
                        ? ""
                        : ": a record names key " + key + ", which did not sign it here or is not trusted"));
    }

    /**
     * Reports a statement that the ledger names but that is missing outside the store. Statements of other keys may be kept
     * elsewhere.
     */
    Optional<String> faultOfMissing() {
        if (evaluatedStatements.isEmpty() || told.isEmpty()) {
            return Optional.empty();
        }
        EvaluatedStatements outside = evaluatedStatements.get();
        boolean isMissing = outside.isEmpty()
                || told.entrySet().stream()
                        .anyMatch(each -> isOwn(outside, each.getValue()) && !outside.has(each.getKey()));
        return isMissing ? Optional.of(MISSING) : Optional.empty();
    }

    private boolean isOwn(EvaluatedStatements outside, String key) {
        return ownKeys.contains(key) || outside.isTrusted(key);
    }

    /** The number of statements signed by keys that are not trusted here. */
    long elsewhere() {
        return evaluatedStatements
                .map(outside -> told.values().stream()
                        .filter(key -> !isOwn(outside, key))
                        .count())
                .orElse((long) told.size());
    }

    /** The number of records without a private part. */
    long erased() {
        return blank.size();
    }
}
