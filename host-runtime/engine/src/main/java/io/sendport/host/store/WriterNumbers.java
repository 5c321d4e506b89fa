package io.sendport.host.store;

/**
 * The numbers of the transactions of a writing connection.
 *
 * @param latest the number of the transaction that began last
 * @param committed the number of the last transaction that is known to be committed
 * @param undecided the number of a later transaction with an unknown result; equal to {@code committed} if there is none
 */
record WriterNumbers(long latest, long committed, long undecided) {

    static final WriterNumbers NONE = new WriterNumbers(0, 0, 0);

    WriterNumbers begun() {
        return new WriterNumbers(latest + 1, committed, undecided);
    }

    /** After the row showed {@code before} as the number of the last committed transaction. */
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
