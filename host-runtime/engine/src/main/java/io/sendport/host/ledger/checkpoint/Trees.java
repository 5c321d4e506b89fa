package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Computes the Merkle roots over the records of a ledger that checkpoints sign. */
final class Trees {

    private static final int PAGE = 1_000;

    private Trees() {}

    /**
     * Returns Merkle roots over the records after {@code covered} up to {@code heads}. A root covers at most {@link Ledger#TREE} records.
     *
     * @param covered the number of the last record under an earlier root, by lane
     * @throws IllegalStateException when one of these records is missing
     */
    static List<Statement.Tree> between(Ledger ledger, Map<Long, Long> covered, List<Ledger.Head> heads) {
        Map<Long, Long> begins = ledger.begins();
        List<Statement.Tree> trees = new ArrayList<>();
        for (Ledger.Head head : heads) {
            long from = 1 + Math.max(covered.getOrDefault(head.lane(), 0L), begins.getOrDefault(head.lane(), 0L));
            while (from <= head.seq()) {
                long to = Math.min(head.seq(), from + Ledger.TREE - 1);
                trees.add(tree(ledger, head.lane(), from, to));
                from = to + 1;
            }
        }
        return trees;
    }

    private static Statement.Tree tree(Ledger ledger, long lane, long from, long to) {
        MerkleTree.Growing tree = new MerkleTree.Growing();
        long next = from;
        while (next <= to) {
            List<String> page = ledger.hashes(lane, next, Math.min(to, next + PAGE - 1));
            if (page.size() != Math.min(to, next + PAGE - 1) - next + 1) {
                throw new IllegalStateException("some of the ledger's records from " + lane + ":" + next + " to " + lane
                        + ":" + to + " are missing; run `sendport audit verify`");
            }
            page.forEach(tree::add);
            next += page.size();
        }
        return new Statement.Tree(lane, from, to, tree.root());
    }
}
