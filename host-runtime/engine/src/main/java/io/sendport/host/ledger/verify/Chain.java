package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.checkpoint.Anchors;
import io.sendport.host.ledger.checkpoint.MerkleTree;
import io.sendport.host.ledger.checkpoint.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the records of one lane in order, from its first record or from the last pruned place. Not thread-safe. */
final class Chain {

    private final Ledger.Head begin;
    private final Anchors anchors;
    private final LedgerClaims claims;
    private final List<Growing> trees = new ArrayList<>();
    private long lastSeq;
    private String lastHash;
    /** The next place that a statement names. Saves a look-up for each record, which would take longer than its check. */
    private long nextSigned;

    /** A signed root, and the tree that must have this root once it is complete. */
    private record Growing(Statement.Tree signed, MerkleTree.Growing tree) {}

    Chain(Ledger.Head begin, Anchors anchors, LedgerClaims claims) {
        this.begin = begin;
        this.anchors = anchors;
        this.claims = claims;
        this.lastSeq = begin.seq();
        this.lastHash = begin.hash();
        this.nextSigned = anchors.next(begin.lane(), begin.seq() + 1);
    }

    Ledger.Head begin() {
        return begin;
    }

    long lane() {
        return begin.lane();
    }

    /** Returns the place of the last valid record. */
    Ledger.Head end() {
        return new Ledger.Head(begin.lane(), lastSeq, lastHash);
    }

    /** Returns the number of valid records. */
    long count() {
        return lastSeq - begin.seq();
    }

    /** Returns the last valid place that a statement outside the store confirms; 0 for none. */
    long anchoredTo() {
        return anchors.upTo(lane(), lastSeq);
    }

    /** Returns the number of valid records that statements confirm. */
    long anchored() {
        return Math.max(0, anchoredTo() - begin.seq());
    }

    /** Adds the next record if it is valid. Returns a fault, or null. */
    @Nullable
    String follow(CheckedRecord next) {
        String fault = fault(next);
        if (fault == null) {
            lastSeq = next.link().seq();
            lastHash = next.link().hash();
            fault = faultOfTrees(next.link());
            if (lastSeq >= nextSigned) {
                nextSigned = anchors.next(lane(), lastSeq + 1);
            }
        }
        return fault;
    }

    private @Nullable String faultOfTrees(StoredRecord record) {
        if (record.seq() == nextSigned) {
            anchors.treesFrom(lane(), record.seq())
                    .forEach(each -> trees.add(new Growing(each, new MerkleTree.Growing())));
        }
        for (Iterator<Growing> each = trees.iterator(); each.hasNext(); ) {
            Growing growing = each.next();
            growing.tree().add(record.hash());
            if (growing.signed().to() == record.seq()) {
                each.remove();
                if (!growing.tree().root().equals(growing.signed().root())) {
                    return "a signed checkpoint names another Merkle root for records " + growing.signed()
                            + ": the ledger was rewritten";
                }
            }
        }
        return null;
    }

    private @Nullable String fault(CheckedRecord next) {
        StoredRecord record = next.link();
        LinkHeader header = next.header();
        if (record.seq() != lastSeq + 1) {
            return "follows record " + lane() + ":" + lastSeq + ", so records between them are missing";
        }
        if (!next.isHeaderValid()) {
            return "its header was changed";
        }
        if (!lastHash.equals(header.prevHash) || record.seq() != header.seq || lane() != header.lane) {
            return "does not continue the record before it";
        }
        if (record.isBlank()) {
            claims.addErased(record.place());
        } else if (!next.isPrivatePartValid()) {
            return "its private part was changed";
        }
        String fault = claims.accept(record, header);
        if (fault != null) {
            return fault;
        }
        String anchor = record.seq() == nextSigned ? anchors.at(lane(), record.seq()) : null;
        if (anchor != null && !anchor.equals(record.hash())) {
            return "a signed checkpoint names another record at this place: the ledger was rewritten";
        }
        return null;
    }
}
