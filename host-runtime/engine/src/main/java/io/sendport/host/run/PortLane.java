package io.sendport.host.run;

import io.sendport.host.box.MessageRow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A port that takes work, and what it has in hand. For the threads of its dispatcher. */
final class PortLane {
    final String port;
    final int capacity;
    /** One message at a time would be a write of its own for each: while much is in hand, a few are claimed at once. */
    private final int leastClaim;

    final Dispatcher.Order order;
    final Consumer<MessageRow> handler;
    final BooleanSupplier rests;
    final AtomicInteger inHand = new AtomicInteger();
    /** There may be something due that was not there when it was last looked at. */
    final AtomicBoolean told = new AtomicBoolean(true);
    /** There was, and need not be asked for. */
    final AtomicBoolean sure = new AtomicBoolean();

    final Budget.Share share;
    volatile boolean ended;
    long lookedAt = System.nanoTime();
    volatile boolean open = true;
    /** Until when who stops the port waits, by {@link System#nanoTime}; 0 while nobody does. */
    volatile long deadline;

    volatile Runnable whenIdle = () -> {};

    PortLane(
            String port,
            int capacity,
            Dispatcher.Order order,
            Consumer<MessageRow> handler,
            BooleanSupplier rests,
            Budget.Share share) {
        this.share = share;
        this.rests = rests;
        this.port = port;
        this.capacity = capacity;
        this.leastClaim = Math.max(1, capacity / 4);
        this.order = order;
        this.handler = handler;
    }

    boolean takesMore() {
        return open && capacity - inHand.get() >= leastClaim && share.room() > 0;
    }

    int room() {
        return Math.min(capacity - inHand.get(), share.room());
    }

    void close(long until) {
        open = false;
        if (deadline == 0) {
            deadline = until;
        }
    }
}
