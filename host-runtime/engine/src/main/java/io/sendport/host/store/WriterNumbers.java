package io.sendport.host.store;

/**
 * Numbers of the transactions of a writing connection.
 *
 * @param latest the one that was begun last
 * @param committed the last one known to be committed
 * @param undecided a later one with an unknown result; equal to {@code committed} if there is none
 */
record WriterNumbers(long latest, long committed, long undecided) {

    static final WriterNumbers NONE = new WriterNumbers(0, 0, 0);

    WriterNumbers begun() {
        return new WriterNumbers(latest + 1, committed, undecided);
    }

    /** The row's earlier number settles which transactions were committed. */
    WriterNumbers seen(long before) {
        return new WriterNumbers(latest, before, before);
    }

    WriterNumbers done() {
        return new WriterNumbers(latest, latest, latest);
    }

    WriterNumbers unanswered() {
        return new WriterNumbers(latest, committed, latest);
    }

    boolean expects(long found) {
        return found == committed || found == undecided;
    }
}
