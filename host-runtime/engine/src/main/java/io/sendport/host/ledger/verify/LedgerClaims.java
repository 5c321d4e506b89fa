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
 * Checks what records claim about deletions and about statements outside the store. A deletion counts only if a trusted key signed it
 * outside the store. Otherwise, a person who can write to the store could add a record that claims it.
 */
final class LedgerClaims {

    static final String MISSING = "a checkpoint that the ledger names is missing outside the store";

    private final Optional<EvaluatedStatements> evaluatedStatements;
    private final Set<String> ownKeys;
    /** The keys of the statements that records name, by the hash of the statement. */
    private final Map<String, String> named = new LinkedHashMap<>();
    /** The places of records without a private part. */
    private final Set<String> blank = new HashSet<>();
    /** The places whose erasure counts. */
    private final Set<String> erased = new HashSet<>();
    /** The keys that signed other erasures, by place. */
    private final Map<String, String> erasedByOthers = new HashMap<>();

    private final Map<Long, String> prunedBy = new HashMap<>();

    /**
     * Creates a comparison of records with signed statements.
     *
     * @param evaluatedStatements the statements; if empty, all claims are accepted
     * @param ownKeys fingerprints of keys whose statements must be present
     */
    LedgerClaims(Optional<EvaluatedStatements> evaluatedStatements, Set<String> ownKeys) {
        this.evaluatedStatements = evaluatedStatements;
        this.ownKeys = ownKeys;
    }

    /** Adds a record at {@code place} that has no private part. */
    void addErased(String place) {
        blank.add(place);
    }

    /** Adds the claim of a record whose hash is valid. Returns why the claim is wrong; null when it is acceptable. */
    @Nullable
    String accept(StoredRecord record, LinkHeader header) {
        String statement = header.checkpoint;
        if (statement == null) {
            return null;
        }
        String key = String.valueOf(header.key);
        named.put(statement, key);
        if (header.kind.equals(Kind.ERASED.name())) {
            return acceptErasure(record, statement, key);
        }
        if (header.kind.equals(Kind.PRUNED.name())) {
            list(record, "pruned")
                    .forEach(each -> prunedBy.put(Ledger.Head.of(each).lane(), key));
        }
        return null;
    }

    private @Nullable String acceptErasure(StoredRecord record, String statement, String key) {
        List<String> places =
                list(record, "erased").stream().map(String::valueOf).toList();
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
            // No lane has this number, so no statement can confirm the erasure.
            return -1;
        }
    }

    private static List<?> list(StoredRecord record, String name) {
        return Ledger.parse(record.header()).getOrDefault(name, List.of()) instanceof List<?> list ? list : List.of();
    }

    /** Returns the fault that a private part is missing without a valid erasure; empty when there is none. */
    Optional<String> faultOfBlanks() {
        return blank.stream()
                .filter(each -> !erased.contains(each))
                .findFirst()
                .map(each -> erasedByOthers.containsKey(each)
                        ? "record " + each + " lost its private part, and the erasure names key "
                                + erasedByOthers.get(each) + ", which did not sign it here or is not trusted"
                        : "record " + each + " lost its private part, and no ERASED record explains that");
    }

    /** Returns the fault that no trusted statement confirms the start of a pruned lane; empty when there is none. */
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
     * Returns the fault that a statement which the ledger names is missing outside the store; empty when there is none. Ignores
     * statements of other machines' keys, because they may be stored elsewhere.
     */
    Optional<String> faultOfMissing() {
        if (evaluatedStatements.isEmpty() || named.isEmpty()) {
            return Optional.empty();
        }
        EvaluatedStatements outside = evaluatedStatements.get();
        boolean isMissing = outside.isEmpty()
                || named.entrySet().stream()
                        .anyMatch(each -> isOwn(outside, each.getValue()) && !outside.has(each.getKey()));
        return isMissing ? Optional.of(MISSING) : Optional.empty();
    }

    private boolean isOwn(EvaluatedStatements outside, String key) {
        return ownKeys.contains(key) || outside.isTrusted(key);
    }

    /** Returns the number of named statements that other machines' keys signed. */
    long elsewhere() {
        return evaluatedStatements
                .map(outside -> named.values().stream()
                        .filter(key -> !isOwn(outside, key))
                        .count())
                .orElse((long) named.size());
    }

    /** Returns the number of records without a private part. */
    long erased() {
        return blank.size();
    }
}
