package io.sendport.host.ledger;

import org.jspecify.annotations.Nullable;

/** Follows the links of one lane from where it begins: at its first record, or at the place up to which it was pruned. */
final class Chain {

    private final Ledger.Head begin;
    private final Anchors anchors;
    private final Statements statements;
    private long held;
    private String last;

    Chain(Ledger.Head begin, Anchors anchors, Statements statements) {
        this.begin = begin;
        this.anchors = anchors;
        this.statements = statements;
        this.held = begin.seq();
        this.last = begin.hash();
    }

    Ledger.Head begin() {
        return begin;
    }

    long lane() {
        return begin.lane();
    }

    /** The last place that held. */
    Ledger.Head end() {
        return new Ledger.Head(begin.lane(), held, last);
    }

    /** How many held. */
    long count() {
        return held - begin.seq();
    }

    /** The last place that is vouched for outside the store; 0 for none. */
    long anchoredTo() {
        return anchors.upTo(lane(), held);
    }

    /** How many of those that held are vouched for. */
    long anchored() {
        return Math.max(0, anchoredTo() - begin.seq());
    }

    /** Why {@code next} is not the next; null when it is, and then it has been followed. */
    @Nullable
    String follow(Weighed next) {
        String fault = fault(next);
        if (fault == null) {
            held = next.link().seq();
            last = next.link().hash();
        }
        return fault;
    }

    private @Nullable String fault(Weighed next) {
        Link link = next.link();
        LinkHeader header = next.header();
        if (link.seq() != held + 1) {
            return "follows record " + lane() + ":" + held + ", so records between them are missing";
        }
        if (!next.headerHolds()) {
            return "its header was changed";
        }
        if (!last.equals(header.prevHash) || link.seq() != header.seq || lane() != header.lane) {
            return "does not continue the record before it";
        }
        if (link.isBlank()) {
            statements.blank(link.place());
        } else if (!next.secretHolds()) {
            return "its private part was changed";
        }
        String heard = statements.hear(link, header);
        if (heard != null) {
            return heard;
        }
        String anchor = anchors.at(lane(), link.seq());
        if (anchor != null && !anchor.equals(link.hash())) {
            return "a signed checkpoint names another record at this place: the ledger was written anew";
        }
        return null;
    }
}
