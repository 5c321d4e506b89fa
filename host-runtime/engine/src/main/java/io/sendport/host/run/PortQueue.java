package io.sendport.host.run;

import io.sendport.host.box.MessageRow;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A port that takes work: how much it has in hand, and when its dispatcher polls for more. For the threads of that dispatcher. */
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
    /** While much is in hand, the dispatcher claims a few messages at once: one at a time would cost a write for each. */
    private final int leastClaim;

    private final AtomicReference<Signal> signal = new AtomicReference<>(Signal.MAYBE_DUE);
    private final AtomicReference<@Nullable Long> closed = new AtomicReference<>();
    private long polledAt = System.nanoTime();
    private long lookedAt = System.nanoTime();

    /**
     * The strongest signal about due messages since the dispatcher last polled. A later constant includes the ones before it, so
     * that a signal never replaces a stronger one. A poll resets it to {@link #NONE}.
     */
    private enum Signal {
        /** No signal: the dispatcher polls at its next tick. */
        NONE,
        /** A message completed and may be due again: the dispatcher polls soon. */
        COMPLETED,
        /** Messages may be due: the dispatcher polls now. */
        MAYBE_DUE,
        /** A message is due: the dispatcher claims now without polling first. */
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
        this.leastClaim = Math.max(1, capacity / 4);
        this.order = order;
        this.handler = handler;
    }

    boolean takesMore() {
        return isOpen() && capacity - inProgress.get() >= leastClaim && share.room() > 0;
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

    /** Starts a poll. Clears the signal {@code COMPLETED}; stronger signals stay until {@link #takeSignal}. */
    void beginPoll() {
        signal.compareAndSet(Signal.COMPLETED, Signal.NONE);
        polledAt = System.nanoTime();
    }

    /** Clears the signal and returns whether a message is due for certain. Call this before the poll, so that no signal is lost. */
    boolean takeSignal() {
        return signal.getAndSet(Signal.NONE) == Signal.DUE;
    }

    /** The time until the next poll, if no signal arrives before. */
    long millisLeft(long tickMillis) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - polledAt);
        return (signal.get() == Signal.COMPLETED ? COMPLETION_POLL_MILLIS : tickMillis) - since;
    }

    /** Whether messages that other processes stored, and retries, may have been due for a tick. */
    boolean isLookDue(long tickMillis) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lookedAt) >= tickMillis;
    }

    /** Records that the dispatcher looks for them now. */
    void looked() {
        lookedAt = System.nanoTime();
    }

    boolean isOpen() {
        return closed.get() == null;
    }

    /**
     * Stops taking work.
     *
     * @param until when the caller stops waiting for the work in hand, by {@link System#nanoTime}; the first call counts
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
