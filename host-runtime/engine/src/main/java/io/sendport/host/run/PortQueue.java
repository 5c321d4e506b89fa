package io.sendport.host.run;

import io.sendport.host.box.MessageRow;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A port that takes work: how much it has in hand, and when its dispatcher looks for more. For the threads of that dispatcher. */
final class PortQueue {

    /** Poll interval for a port that has not been signaled while its messages are completing. */
    static final long COMPLETION_POLL_MILLIS = 5;

    final String port;
    final ClaimOrder order;
    final Consumer<MessageRow> handler;
    final BooleanSupplier rests;
    final Budget.Share share;
    final AtomicInteger inHand = new AtomicInteger();
    volatile Runnable whenIdle = () -> {};

    private final int capacity;
    /** One message at a time would be a write of its own for each: while much is in hand, a few are claimed at once. */
    private final int leastClaim;

    private final AtomicReference<Signal> signal = new AtomicReference<>(Signal.MAYBE_DUE);
    private final AtomicReference<@Nullable Long> closed = new AtomicReference<>();
    private long lookedAt = System.nanoTime();

    /**
     * What became known of due messages since the dispatcher last looked. A later constant includes the ones before it, so that a signal never
     * takes back a stronger one. A look sets it back to {@link #NONE}.
     */
    private enum Signal {
        /** Nothing: the dispatcher looks at its next tick. */
        NONE,
        /** A message completed, which may be due again: the dispatcher looks soon. */
        COMPLETED,
        /** Messages may be due: the dispatcher looks now. */
        MAYBE_DUE,
        /** A message is due: the dispatcher claims now and does not ask first. */
        DUE
    }

    PortQueue(
            String port,
            int capacity,
            ClaimOrder order,
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
        return isOpen() && capacity - inHand.get() >= leastClaim && share.room() > 0;
    }

    int room() {
        return Math.min(capacity - inHand.get(), share.room());
    }

    /** A message completed. */
    void signalCompleted() {
        raise(Signal.COMPLETED);
    }

    /** Messages may be due. */
    void signalMaybeDue() {
        raise(Signal.MAYBE_DUE);
    }

    /** A message is due. */
    void signalDue() {
        raise(Signal.DUE);
    }

    private void raise(Signal now) {
        signal.accumulateAndGet(now, (before, raised) -> before.compareTo(raised) < 0 ? raised : before);
    }

    /** Whether messages may be due, as far as was signaled. */
    boolean isSignaled() {
        Signal now = signal.get();
        return now == Signal.MAYBE_DUE || now == Signal.DUE;
    }

    /** Begins to look. What was signaled stays until {@link #takeSignal}; that messages completed does not. */
    void beginLook() {
        signal.compareAndSet(Signal.COMPLETED, Signal.NONE);
        lookedAt = System.nanoTime();
    }

    /** Takes what was signaled; whether a message is due for certain. Call this before the look, so that no signal is lost. */
    boolean takeSignal() {
        return signal.getAndSet(Signal.NONE) == Signal.DUE;
    }

    /** Until the next look, where nothing is signaled before. */
    long millisLeft(long tickMillis) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lookedAt);
        return (signal.get() == Signal.COMPLETED ? COMPLETION_POLL_MILLIS : tickMillis) - since;
    }

    boolean isOpen() {
        return closed.get() == null;
    }

    /**
     * Takes no more work.
     *
     * @param until when the caller stops to wait for the work in hand, by {@link System#nanoTime}; the first call counts
     */
    void close(long until) {
        closed.compareAndSet(null, until);
    }

    /** As {@link #close} was told; empty while open. */
    OptionalLong deadline() {
        Long until = closed.get();
        return until == null ? OptionalLong.empty() : OptionalLong.of(until);
    }
}
