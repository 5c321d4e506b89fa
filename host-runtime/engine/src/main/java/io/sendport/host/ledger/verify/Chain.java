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

/** Follows the links of one lane from its start: its first record, or the place up to which it was pruned. */
final class Chain {

    private final Ledger.Head begin;
    private final Anchors anchors;
    private final LedgerClaims claims;
    private final List<Growing> trees = new ArrayList<>();
    private long held;
    /** The next place that statements say something about; looking each record up would take longer than following it. */
    private long nextSigned;

    private String last;

    /** A signed root, and the tree that must have it. */
    private record Growing(Statement.Tree signed, MerkleTree.Growing tree) {}

    Chain(Ledger.Head begin, Anchors anchors, LedgerClaims claims) {
        this.begin = begin;
        this.anchors = anchors;
        this.claims = claims;
        this.held = begin.seq();
        this.last = begin.hash();
        this.nextSigned = anchors.next(begin.lane(), begin.seq() + 1);
    }

    Ledger.Head begin() {
        return begin;
    }

    long lane() {
        return begin.lane();
    }

    /** The last valid place. */
    Ledger.Head end() {
        return new Ledger.Head(begin.lane(), held, last);
    }

    /** The number of valid records. */
    long count() {
        return held - begin.seq();
    }

    /** The last place that a statement outside the store confirms; 0 for none. */
    long anchoredTo() {
        return anchors.upTo(lane(), held);
    }

    /** The number of valid records that statements confirm. */
    long anchored() {
        return Math.max(0, anchoredTo() - begin.seq());
    }

    /** Follows {@code next} if it is the next link. Returns why it is not; null when it is. */
    @Nullable
    String follow(CheckedRecord next) {
        String fault = fault(next);
        if (fault == null) {
            held = next.link().seq();
            last = next.link().hash();
            fault = faultOfTrees(next.link());
            if (held >= nextSigned) {
                nextSigned = anchors.next(lane(), held + 1);
            }
        }
        return fault;
    }

    private @Nullable String faultOfTrees(StoredRecord link) {
        if (link.seq() == nextSigned) {
            anchors.treesFrom(lane(), link.seq())
                    .forEach(each -> trees.add(new Growing(each, new MerkleTree.Growing())));
        }
        for (Iterator<Growing> each = trees.iterator(); each.hasNext(); ) {
            Growing growing = each.next();
            growing.tree().add(link.hash());
            if (growing.signed().to() == link.seq()) {
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
        StoredRecord link = next.link();
        LinkHeader header = next.header();
        if (link.seq() != held + 1) {
            return "follows record " + lane() + ":" + held + ", so records between them are missing";
        }
        if (!next.isHeaderValid()) {
            return "its header was changed";
        }
        if (!last.equals(header.prevHash) || link.seq() != header.seq || lane() != header.lane) {
            return "does not continue the record before it";
        }
        if (link.isBlank()) {
            claims.blank(link.place());
        } else if (!next.isPrivatePartValid()) {
            return "its private part was changed";
        }
        String heard = claims.hear(link, header);
        if (heard != null) {
            return heard;
        }
        String anchor = link.seq() == nextSigned ? anchors.at(lane(), link.seq()) : null;
        if (anchor != null && !anchor.equals(link.hash())) {
            return "a signed checkpoint names another record at this place: the ledger was rewritten";
        }
        return null;
    }
}
