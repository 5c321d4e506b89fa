package io.sendport.host.box;

import io.sendport.host.store.commit.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Puts acknowledgements into the box as messages, in the transaction of what they tell of, so that none is lost and none tells of what
 * did not happen. Safe for use by several threads.
 */
public final class Acknowledgements {

    private final Inbox inbox;
    private volatile BooleanSupplier wanted = () -> false;
    private volatile Function<Acknowledgement, List<NewMessage>> writer = any -> List.of();

    Acknowledgements(Inbox inbox) {
        this.inbox = inbox;
    }

    /**
     * From now on they are written so.
     *
     * @param wanted whether anybody may subscribe to them; asked for every message that ends
     * @param writer the messages, one for each subscriber; small ones, it holds up all that is written meanwhile
     */
    public void writeBy(BooleanSupplier wanted, Function<Acknowledgement, List<NewMessage>> writer) {
        this.wanted = wanted;
        this.writer = writer;
    }

    void tell(Transaction transaction, MessageRow row, boolean delivered, String why, Instant at) {
        if (!wanted.getAsBoolean()) {
            return;
        }
        Acknowledgement told = new Acknowledgement(row, delivered, why, at, Inbox.context(transaction.handle(), row));
        writer.apply(told).forEach(each -> inbox.putSmall(transaction, each));
    }
}
