package io.sendport.host.box;

import io.sendport.host.store.commit.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Puts acknowledgements into the message box as messages. Each is stored in the transaction of the change that it reports: none is
 * lost, and none reports a change that did not happen. Safe for use by several threads.
 */
public final class Acknowledgements {

    private final Inbox inbox;
    private volatile BooleanSupplier wanted = () -> false;
    private volatile Function<Acknowledgement, List<NewMessage>> writer = any -> List.of();

    Acknowledgements(Inbox inbox) {
        this.inbox = inbox;
    }

    /**
     * Sets how acknowledgements are written from now on.
     *
     * @param wanted whether any port may subscribe to them; called for each message that ends
     * @param writer returns the messages, one for each subscriber; they must be small, because all other writes wait meanwhile
     */
    public void writeBy(BooleanSupplier wanted, Function<Acknowledgement, List<NewMessage>> writer) {
        this.wanted = wanted;
        this.writer = writer;
    }

    void acknowledge(Transaction transaction, MessageRow row, boolean delivered, String why, Instant at) {
        if (!wanted.getAsBoolean()) {
            return;
        }
        Acknowledgement outcome =
                new Acknowledgement(row, delivered, why, at, SubmittedContent.context(transaction.handle(), row));
        writer.apply(outcome).forEach(each -> inbox.putSmall(transaction, each));
    }
}
