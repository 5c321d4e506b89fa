package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Ledger;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The statements from outside the store, with their signers and the lanes for which each statement counts. A public key in the folder
 * identifies a signer, but does not make the key trusted. If the auditor gave fingerprints, those keys are trusted. Otherwise, for each
 * lane, the key that signed the first statement about the lane is trusted. Successors that a trusted key names are trusted too.
 */
public final class EvaluatedStatements {

    private final Keyring keyring;
    private final Trust trust;
    private final Set<String> accepted;
    private final List<Signed> signed = new ArrayList<>();
    private final Map<String, Signed> byHash = new HashMap<>();
    private final Map<Long, String> firstKeys = new HashMap<>();
    private final Map<String, Handover> handovers = new HashMap<>();
    private final List<Signed> abandonments = new ArrayList<>();
    private final Map<Long, Signed> lastCuts = new HashMap<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Map<Long, Set<String>> trustedByLane = new HashMap<>();
    private Set<String> trusted = Set.of();

    /** A statement, and the fingerprint of the key that signed it. */
    private record Signed(Statement statement, String key) {

        /** Returns whether this statement is earlier: by line within one file, by stated time between files. */
        boolean isBefore(Signed other) {
            Statement.Origin here = statement.origin();
            Statement.Origin there = other.statement.origin();
            return here.file().equals(there.file())
                    ? here.line() < there.line()
                    : statement.at().compareTo(other.statement.at()) <= 0;
        }
    }

    /** The statement by which a key named its successor. */
    private record Handover(Signed by, String successor) {}

    private EvaluatedStatements(Keyring keyring, Trust trust, Set<String> accepted) {
        this.keyring = keyring;
        this.trust = trust;
        this.accepted = accepted;
    }

    /**
     * Evaluates the statements of {@code folder}.
     *
     * @param keyring the known public keys; successors are added to it
     * @param trust the trusted keys
     * @param accepted ids of the notices that the auditor accepted
     */
    static EvaluatedStatements of(StatementFolder folder, Keyring keyring, Trust trust, Set<String> accepted) {
        EvaluatedStatements result = new EvaluatedStatements(keyring, trust, accepted);
        for (StatementFolder.Unreadable each : folder.unreadable()) {
            result.note(each.id(), each.what());
        }
        folder.statements().forEach(result::collect);
        result.determineTrust();
        result.noteRetired();
        result.abandonments.forEach(result::noteAbandoned);
        return result;
    }

    private void collect(Statement statement) {
        Optional<String> key = keyring.signer(statement);
        if (key.isEmpty()) {
            note(
                    statement.id(),
                    statement.origin() + ": the signature of the "
                            + statement.content().kind() + " of " + statement.at()
                            + " is not valid for any key in the folder");
            return;
        }
        Signed added = new Signed(statement, key.get());
        signed.add(added);
        byHash.putIfAbsent(statement.hash(), added);
        statement.heads().forEach(head -> firstKeys.putIfAbsent(head.lane(), key.get()));
        if (statement.content() instanceof Statement.Rotated rotated && !handovers.containsKey(key.get())) {
            try {
                LedgerKey successor = LedgerKey.ofPublic(rotated.newKey());
                keyring.add(successor);
                handovers.put(key.get(), new Handover(added, successor.fingerprint()));
            } catch (GeneralSecurityException e) {
                note(statement.id(), statement.origin() + " names a successor that is not a public key");
            }
        }
    }

    /** Determines the trusted keys. Runs after all statements are collected. */
    private void determineTrust() {
        trusted = withSuccessors(trust.isFirstUse() ? Set.copyOf(firstKeys.values()) : trust.keys());
        firstKeys.forEach((lane, key) -> trustedByLane.put(lane, withSuccessors(Set.of(key))));
        signed.stream()
                .filter(each -> each.statement().content() instanceof Statement.Abandoned)
                .forEach(abandonments::add);
    }

    private void note(String id, String text) {
        notices.add(new Notice(id, text, accepted.contains(id)));
    }

    /** Adds a notice for each statement by a key that had been replaced. */
    private void noteRetired() {
        for (Signed each : List.copyOf(signed)) {
            if (isRetired(each)) {
                note(
                        each.statement().id(),
                        each.statement().origin() + " was signed by key " + each.key()
                                + " after another key had replaced it, and does not count");
            }
        }
    }

    /** Returns whether the key had named a successor before, in the same file. */
    private boolean isRetired(Signed each) {
        Handover handover = handovers.get(each.key());
        return handover != null
                && handover.by()
                        .statement()
                        .origin()
                        .file()
                        .equals(each.statement().origin().file())
                && handover.by().isBefore(each);
    }

    /** Adds a notice for a statement that abandons records, if the statement counts. */
    private void noteAbandoned(Signed each) {
        if (!(each.statement().content() instanceof Statement.Abandoned abandoned)) {
            return;
        }
        boolean counts = abandoned.cuts().stream().allMatch(cut -> countsForCut(each, cut.lane()));
        if (!counts) {
            return;
        }
        abandoned
                .cuts()
                .forEach(cut -> lastCuts.merge(cut.lane(), each, (one, other) -> one.isBefore(other) ? other : one));
        String what = abandoned.cuts().isEmpty()
                ? "records that no checkpoint names"
                : abandoned.count() + " records ("
                        + String.join(
                                ", ",
                                abandoned.cuts().stream()
                                        .map(cut -> cut.lane() + ":" + (cut.after() + 1) + " to " + cut.lane() + ":"
                                                + cut.to())
                                        .toList())
                        + ")";
        note(
                each.statement().id(),
                abandoned.cause() == Statement.Cause.RESTORED
                        ? what + " were abandoned when " + abandoned.who() + " restored a backup at "
                                + each.statement().at() + reason(abandoned)
                        : what + " were lost by the database, and " + abandoned.who() + " accepted that at "
                                + each.statement().at() + reason(abandoned));
    }

    private static String reason(Statement.Abandoned abandoned) {
        return abandoned.why().isBlank() ? "; no reason given" : ", because: " + abandoned.why();
    }

    /**
     * Returns whether a statement that ends {@code lane} counts. If no remaining statement names a head of the lane, the key for that
     * lane is unknown, and any trusted key is sufficient. Such a statement removes no anchor, and an auditor must not overlook it.
     */
    private boolean countsForCut(Signed each, long lane) {
        return counts(each, lane) || (!firstKeys.containsKey(lane) && !isRetired(each) && trusted.contains(each.key()));
    }

    /** Returns whether a statement counts for a lane: its key is trusted for the lane, and had not been replaced. */
    private boolean counts(Signed each, long lane) {
        return !isRetired(each) && isTrusted(each.key(), lane);
    }

    /** Returns whether the key with that fingerprint is trusted for statements about a lane. */
    private boolean isTrusted(String key, long lane) {
        return trust.isFirstUse() ? trustedByLane.getOrDefault(lane, Set.of()).contains(key) : trusted.contains(key);
    }

    /** Returns whether the key that a record names is trusted for at least one lane. */
    public boolean isTrusted(String key) {
        return trusted.contains(keyring.fingerprint(key));
    }

    /** Returns {@code keys} and their successors. */
    private Set<String> withSuccessors(Set<String> keys) {
        Set<String> all = new LinkedHashSet<>(keys);
        for (String key : keys) {
            Handover handover = handovers.get(key);
            while (handover != null && all.add(handover.successor())) {
                handover = handovers.get(handover.successor());
            }
        }
        return all;
    }

    /** Describes that the auditor gave keys, but neither they nor their successors signed anything; empty otherwise. */
    public Optional<String> faultOfTrust() {
        return trust.isFirstUse() || signed.stream().anyMatch(each -> trusted.contains(each.key()))
                ? Optional.empty()
                : Optional.of("no statement was signed by a key that you trust ("
                        + String.join(", ", new TreeSet<>(trust.keys())) + "), so nothing confirms this ledger. "
                        + signers());
    }

    private String signers() {
        return signed.isEmpty()
                ? "No statement in the checkpoint folder has a valid signature. Check that it is the folder of this ledger"
                : "The keys that signed are: "
                        + signed.stream().map(Signed::key).distinct().collect(Collectors.joining(", "))
                        + ". If such a key is yours, name it with --key or in trustedKeys of <auditLedger>";
    }

    /** Returns whether no statement has a valid signature. */
    public boolean isEmpty() {
        return signed.isEmpty();
    }

    /** Returns whether the statement with that hash exists, with a valid signature of any key. */
    public boolean has(String hash) {
        return byHash.containsKey(hash);
    }

    /** Describes why the statement with that hash does not count as proof; empty when it counts. */
    public Optional<String> faultOf(String hash) {
        Signed found = byHash.get(hash);
        if (found == null) {
            return Optional.of(
                    "the checkpoint that it names is not in the checkpoint folder; pass the folder that has it");
        }
        if (isRetired(found)) {
            return Optional.of("the checkpoint that it names was signed by key " + found.key()
                    + " after another key had replaced it");
        }
        return trusted.contains(found.key())
                ? Optional.empty()
                : Optional.of("the checkpoint that it names was signed by key " + found.key()
                        + ", which is not trusted; if the key is yours, pass --key " + found.key());
    }

    /**
     * Returns whether a statement allows the deletion of private parts.
     *
     * @param hash the hash of the statement
     * @param places the SHA-256 of the list of places
     * @param lanes the lanes of these places; the key must be trusted for all of them
     */
    public boolean allowsErasure(String hash, String places, Set<Long> lanes) {
        Signed found = byHash.get(hash);
        return found != null
                && found.statement().content() instanceof Statement.Erased erased
                && erased.places().equals(places)
                && lanes.stream().allMatch(lane -> counts(found, lane));
    }

    /** Returns the places in the statements that count, except abandoned places. */
    public Anchors anchors() {
        Anchors anchors = new Anchors();
        for (Signed each : signed) {
            Statement statement = each.statement();
            statement.heads().stream()
                    .filter(head -> counts(each, head.lane()) && !isAbandoned(each, head))
                    .forEach(head -> anchors.add(head, statement));
            if (statement.content() instanceof Statement.Pruned pruned) {
                pruned.ends().stream().filter(end -> counts(each, end.lane())).forEach(end -> {
                    anchors.add(end, statement);
                    anchors.addPruned(end);
                });
            } else if (statement.content() instanceof Statement.Checkpoint checkpoint) {
                checkpoint.trees().stream()
                        .filter(tree -> counts(each, tree.lane()) && !isAbandoned(each, tree.lane(), tree.to()))
                        .forEach(anchors::add);
            }
        }
        return anchors;
    }

    private boolean isAbandoned(Signed by, Ledger.Head head) {
        return isAbandoned(by, head.lane(), head.seq());
    }

    /** Returns whether a later statement that counts says that the record at that place is missing. */
    private boolean isAbandoned(Signed by, long lane, long seq) {
        return abandonments.stream()
                .anyMatch(later -> later.statement().content() instanceof Statement.Abandoned abandoned
                        && abandoned.cuts().stream().anyMatch(cut -> cut.lane() == lane && cut.covers(seq))
                        && !later.equals(by)
                        && by.isBefore(later)
                        && counts(later, lane));
    }

    /** Describes that a lane with abandoned records does not end where the last such statement says; empty if it does. */
    public Optional<String> faultOfEnd(Ledger.Head end) {
        Signed cut = lastCuts.get(end.lane());
        if (cut == null || cut.statement().head(end.lane()).filter(end::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("lane " + end.lane() + " ends with " + end.place() + ", but the "
                + cut.statement().content().kind() + " statement of "
                + cut.statement().at() + " ("
                + cut.statement().origin() + ") says that it ended with "
                + cut.statement().head(end.lane()).map(Ledger.Head::place).orElse("nothing")
                + "; if the restore was interrupted, run it again");
    }

    /** Returns the statements by trusted keys that had not been replaced. */
    public List<Statement> statements() {
        return signed.stream()
                .filter(each -> !isRetired(each) && trusted.contains(each.key()))
                .map(Signed::statement)
                .toList();
    }

    /**
     * Checks that a signature by {@code key} over a deletion in {@code lanes} would count.
     *
     * @param key the fingerprint of the key
     * @throws GeneralSecurityException when the key is not trusted for one of the lanes
     */
    public void requireTrusted(String key, Collection<Long> lanes) throws GeneralSecurityException {
        Optional<Long> lane = untrusted(key, lanes);
        if (lane.isPresent()) {
            throw new GeneralSecurityException("key " + key + " is not trusted for lane " + lane.get()
                    + " of the ledger, so Sendport does not sign with it: a verification would reject the signature."
                    + " Name the key fingerprints of all machines in trustedKeys of <auditLedger>");
        }
    }

    /** Returns the first of {@code lanes} for which the key with that fingerprint is not trusted; empty when there is none. */
    public Optional<Long> untrusted(String key, Collection<Long> lanes) {
        return lanes.stream()
                .filter(lane -> !(trust.isFirstUse() && !firstKeys.containsKey(lane)) && !isTrusted(key, lane))
                .findFirst();
    }

    /** Returns the notices: findings that every verification repeats. */
    public List<Notice> notices() {
        return notices;
    }

    /** Returns the keys that signed, in the order of their first statements, and then the other keys that the auditor gave. */
    public List<KeyUse> keys() {
        Map<String, List<Statement>> uses = new LinkedHashMap<>();
        signed.forEach(each ->
                uses.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each.statement()));
        trust.keys().forEach(key -> uses.computeIfAbsent(key, none -> new ArrayList<>()));
        List<KeyUse> keys = new ArrayList<>();
        uses.forEach((key, statements) -> keys.add(new KeyUse(
                key,
                standing(key),
                statements.size(),
                statements.stream().map(Statement::at).min(String::compareTo),
                statements.stream().map(Statement::at).max(String::compareTo))));
        return keys;
    }

    private KeyUse.Standing standing(String key) {
        if (trust.keys().contains(key)) {
            return KeyUse.Standing.GIVEN;
        }
        if (trust.isFirstUse() && isFirst(key)) {
            return KeyUse.Standing.FIRST_USE;
        }
        return trusted.contains(key) ? KeyUse.Standing.SUCCESSOR : KeyUse.Standing.UNTRUSTED;
    }

    /** Returns whether the key is trusted because of its own first statement, and not as a successor. */
    private boolean isFirst(String key) {
        return firstKeys.containsValue(key)
                && handovers.values().stream()
                        .noneMatch(each -> each.successor().equals(key));
    }
}
