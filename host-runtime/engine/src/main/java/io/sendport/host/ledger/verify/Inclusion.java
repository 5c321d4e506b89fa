package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.EvaluatedStatements;
import io.sendport.host.ledger.checkpoint.MerkleTree;
import io.sendport.host.ledger.checkpoint.Statement;
import io.sendport.host.ledger.checkpoint.Trust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates and checks inclusion proofs: a signed checkpoint and log2(n) hashes prove a record without its neighbors (RFC 6962, section
 * 2.1.1). A proof is a JSON object with {@code checkpoint} (the hash of the signed line), {@code index}, {@code size} and {@code path}. The
 * first proof that refers to a checkpoint also contains the signed line under {@code statement}.
 */
public final class Inclusion {

    private final Ledger ledger;
    private final Map<Long, List<Rooted>> rooted = new HashMap<>();
    private final Map<String, Boolean> included = new HashMap<>();
    private @Nullable Loaded loaded;

    /** A tree, and the checkpoint that signed its root. */
    private record Rooted(Statement.Tree tree, Statement statement) {}

    /** The tree that was loaded last. A cache, because records usually come lane by lane. */
    private record Loaded(Statement.Tree signed, MerkleTree tree) {}

    /** Creates proofs for records in {@code ledger}, from the checkpoints by trusted keys in the folder. Not thread-safe. */
    public Inclusion(Ledger ledger, Checkpoints checkpoints, Trust trust) {
        this.ledger = ledger;
        for (Statement each : checkpoints.evaluatedStatements(trust, Set.of()).statements()) {
            if (each.content() instanceof Statement.Checkpoint checkpoint) {
                checkpoint.trees().forEach(tree -> rooted.computeIfAbsent(tree.lane(), lane -> new ArrayList<>())
                        .add(new Rooted(tree, each)));
            }
        }
    }

    /**
     * Returns the proof of a record. Empty when no checkpoint covers the record, or when neighboring records were pruned or changed.
     *
     * @param isAlone whether the proof must contain the signed line, even if an earlier proof has it
     */
    public Optional<Map<String, Object>> of(AuditRecord record, boolean isAlone) {
        for (Rooted each : rooted.getOrDefault(record.lane(), List.of())) {
            if (each.tree().covers(record.seq())) {
                Optional<MerkleTree> tree = load(each.tree());
                if (tree.isPresent()) {
                    return Optional.of(proof(record, each, tree.get(), isAlone));
                }
            }
        }
        return Optional.empty();
    }

    /** Builds the tree from the ledger; empty when its root is not the signed one. */
    private Optional<MerkleTree> load(Statement.Tree signed) {
        Loaded last = loaded;
        if (last != null && last.signed().equals(signed)) {
            return Optional.of(last.tree());
        }
        List<String> hashes =
                signed.size() > Ledger.TREE ? List.of() : ledger.hashes(signed.lane(), signed.from(), signed.to());
        if (hashes.size() != signed.size()) {
            return Optional.empty();
        }
        MerkleTree tree = MerkleTree.of(hashes);
        if (!tree.root().equals(signed.root())) {
            return Optional.empty();
        }
        loaded = new Loaded(signed, tree);
        return Optional.of(tree);
    }

    private Map<String, Object> proof(AuditRecord record, Rooted by, MerkleTree tree, boolean isAlone) {
        Map<String, Object> proof = new TreeMap<>();
        proof.put("checkpoint", by.statement().hash());
        proof.put("index", record.seq() - by.tree().from());
        proof.put("size", by.tree().size());
        proof.put("path", tree.path((int) (record.seq() - by.tree().from())));
        if (included.put(by.statement().hash(), true) == null || isAlone) {
            proof.put("statement", by.statement().line());
        }
        return proof;
    }

    /** Checks the proofs of a file, in order. Not thread-safe. */
    static final class Check {
        private final Optional<EvaluatedStatements> evaluatedStatements;
        private final Map<String, Statement> statements = new HashMap<>();
        private long proved;

        /** Creates a check against statements from outside the file. Without them, signatures are not checked. */
        Check(Optional<EvaluatedStatements> evaluatedStatements) {
            this.evaluatedStatements = evaluatedStatements;
        }

        /** Returns why the proof of {@code record} is invalid; null when it is valid, or there is no proof. */
        @Nullable
        String fault(StoredRecord record, @Nullable Object proof) {
            if (!(proof instanceof Map<?, ?> all) || !(all.get("inclusion") instanceof Map<?, ?> inclusion)) {
                return null;
            }
            try {
                String hash = String.valueOf(inclusion.get("checkpoint"));
                Statement statement = statement(hash, inclusion);
                long index = number(inclusion, "index");
                long size = number(inclusion, "size");
                List<String> path = inclusion.get("path") instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of();
                String root = MerkleTree.rootFrom(record.hash(), index, size, path);
                Statement.Tree tree =
                        new Statement.Tree(record.lane(), record.seq() - index, record.seq() - index + size - 1, root);
                if (!(statement.content() instanceof Statement.Checkpoint checkpoint)
                        || !checkpoint.trees().contains(tree)) {
                    return "its inclusion proof does not lead to the root that the checkpoint names";
                }
                proved += evaluatedStatements.isPresent() ? 1 : 0;
                return null;
            } catch (IllegalArgumentException e) {
                return "its inclusion proof is invalid: " + e.getMessage()
                        + ". Ask for another export. If it has the same fault, keep both as evidence: the proof or the statement was changed";
            }
        }

        /** Returns the number of records that trusted checkpoints prove. */
        long proved() {
            return proved;
        }

        private Statement statement(String hash, Map<?, ?> inclusion) {
            if (inclusion.get("statement") instanceof Map<?, ?> line) {
                Map<String, Object> content = new TreeMap<>();
                line.forEach((name, value) -> content.put(String.valueOf(name), value));
                Statement statement = Statement.of(new Statement.Origin(Path.of("export"), 0), content);
                if (!statement.hash().equals(hash)) {
                    throw new IllegalArgumentException("it names a different checkpoint than its statement");
                }
                statements.put(hash, statement);
            }
            Statement known = statements.get(hash);
            if (known == null) {
                throw new IllegalArgumentException("the checkpoint that it names is not in the file");
            }
            evaluatedStatements.flatMap(outside -> outside.faultOf(hash)).ifPresent(fault -> {
                throw new IllegalArgumentException(fault);
            });
            return known;
        }

        private static long number(Map<?, ?> json, String name) {
            if (json.get(name) instanceof Number number) {
                return number.longValue();
            }
            throw new IllegalArgumentException("it lacks " + name);
        }
    }
}
