package io.sendport.host.box;

import io.sendport.api.submit.Receipt;
import io.sendport.host.store.commit.Transaction;
import java.util.List;

/** A write in the transaction that stores messages. An exception from it undoes the whole transaction. */
public interface JointWrite {

    /** Writes nothing. */
    JointWrite NONE = new JointWrite() {
        @Override
        public void before(Transaction transaction) {}

        @Override
        public void after(Transaction transaction, List<Receipt> receipts) {}
    };

    /** Runs before the messages are stored. */
    void before(Transaction transaction);

    /** Runs after the messages are stored, with a receipt for each of them. */
    void after(Transaction transaction, List<Receipt> receipts);
}
