package io.sendport.host.run;

import io.sendport.host.box.MessageRow;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The queue of a port in its dispatcher: how many messages are in progress, and when to poll. For the threads of that dispatcher. */
final class PortQueue {

    /** Poll interval for a port that has not been signaled while its messages are completing. */
    static final long COMPLETION_POLL_MILLIS = 5;

    final String port;
    final ClaimOrder order;
    final Consumer<MessageRow> handler;
    final BooleanSupplier isPaused;
    final Budget.Share share;
    final AtomicInteger inProgress = new AtomicInteger();
    volatile Runnable whenIdle = () -> {};

    private final int capacity;
    /** The free capacity from which on the dispatcher claims. Several messages in one claim share a write. */
    private final int minClaim;

    private final AtomicReference<Signal> signal = new AtomicReference<>(Signal.MAYBE_DUE);
    private final AtomicReference<@Nullable Long> closed = new AtomicReference<>();
    private long polledAt = System.nanoTime();
    private long storeQueriedAt = System.nanoTime();

    /**
     * The strongest signal about due messages since the last poll. A later constant is stronger and includes the earlier ones. A signal
     * never replaces a stronger one. A poll resets it to {@link #NONE}.
     */
    private enum Signal {
        /** No signal: the dispatcher polls when its poll interval is over. */
        NONE,
        /** A message completed and may be due again: the dispatcher polls soon. */
        COMPLETED,
        /** Messages may be due: the dispatcher polls now. */
        MAYBE_DUE,
        /** A message is due: the dispatcher claims now, without a query for due messages. */
        DUE
    }

    PortQueue(
            String port,
            int capacity,
            ClaimOrder order,
            Consumer<MessageRow> handler,
            BooleanSupplier isPaused,
            Budget.Share share) {
        this.share = share;
        this.isPaused = isPaused;
        this.port = port;
        this.capacity = capacity;
        this.minClaim = Math.max(1, capacity / 4);
        this.order = order;
        this.handler = handler;
    }

    boolean takesMore() {
        return isOpen() && capacity - inProgress.get() >= minClaim && share.room() > 0;
    }

    int room() {
        return Math.min(capacity - inProgress.get(), share.room());
    }

    /** Signals that a message completed. */
    void signalCompleted() {
        raise(Signal.COMPLETED);
    }

    /** Signals that messages may be due. */
    void signalMaybeDue() {
        raise(Signal.MAYBE_DUE);
    }

    /** Signals that a message is due. */
    void signalDue() {
        raise(Signal.DUE);
    }

    private void raise(Signal now) {
        signal.accumulateAndGet(now, (before, raised) -> before.compareTo(raised) < 0 ? raised : before);
    }

    /** Whether a signal says that messages may be due. */
    boolean isSignaled() {
        Signal now = signal.get();
        return now == Signal.MAYBE_DUE || now == Signal.DUE;
    }

    /** Records the start of a poll. Clears the signal {@code COMPLETED}; stronger signals stay until {@link #takeSignal}. */
    void beginPoll() {
        signal.compareAndSet(Signal.COMPLETED, Signal.NONE);
        polledAt = System.nanoTime();
    }

    /** Clears the signal. Returns whether a message is due for certain. Call this before the claim, so that no signal is lost. */
    boolean takeSignal() {
        return signal.getAndSet(Signal.NONE) == Signal.DUE;
    }

    /** The time until the next poll in milliseconds, if no signal arrives before; 0 or negative if it is due. */
    long millisLeft(long pollMillis) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - polledAt);
        return (signal.get() == Signal.COMPLETED ? COMPLETION_POLL_MILLIS : pollMillis) - since;
    }

    /** Whether the last query of the store for due messages is at least one poll interval ago. */
    boolean isStoreQueryDue(long pollMillis) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - storeQueriedAt) >= pollMillis;
    }

    /** Records that the store is queried for due messages now. */
    void markStoreQueried() {
        storeQueriedAt = System.nanoTime();
    }

    boolean isOpen() {
        return closed.get() == null;
    }

    /**
     * Stops taking messages.
     *
     * @param until when the caller stops waiting for messages in progress, by {@link System#nanoTime}; only the first call sets it
     */
    void close(long until) {
        closed.compareAndSet(null, until);
    }

    /** The deadline that {@link #close} set; empty while open. */
    OptionalLong deadline() {
        Long until = closed.get();
        return until == null ? OptionalLong.empty() : OptionalLong.of(until);
    }
}
