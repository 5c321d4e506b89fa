package io.sendport.host.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits what one process uses at once on all its ports: messages in hand, each of which occupies a thread, and memory for
 * components. Every port has its own share. The rest goes to ports that make progress, so ports with hanging relays cannot take all
 * of it. Safe for use by several threads.
 */
public final class Budget {

    private static final int MESSAGES = 300;
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long FRESH_NANOS = Duration.ofMillis(1).toNanos();
    private static final int UNIT = 64 * 1024;
    private static final int MAX_IN_ROW = 1024 * 1024;

    /** Short: what holds the bodies may be components of other ports that do not return. */
    private static final Duration BODY_PATIENCE = Duration.ofSeconds(1);

    private static final Duration MEMORY_PATIENCE = Duration.ofMinutes(1);

    private final int messages;
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();
    private final int memoryUnits;
    private final Semaphore memory;
    private final Semaphore bodies;
    private volatile Extra extra = new Extra(System.nanoTime() - 2 * FRESH_NANOS, 0);

    /**
     * Creates a budget.
     *
     * @param messages in hand, at least 2; a port always gets at least one
     * @param memory in bytes, for running components
     */
    public Budget(int messages, long memory) {
        this.messages = messages;
        this.memoryUnits = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memory / UNIT));
        this.memory = new Semaphore(memoryUnits, true);
        this.bodies = new Semaphore(memoryUnits / 2 + MAX_IN_ROW / UNIT, true);
    }

    /** The budget for this process: 300 messages, and a third of its heap for components. */
    public static Budget ofThisProcess() {
        return new Budget(MESSAGES, Runtime.getRuntime().maxMemory() / 3);
    }

    /** Adds a port, which takes part until its share is closed. */
    Share join() {
        Share share = new Share();
        shares.add(share);
        return share;
    }

    private int own() {
        return Math.max(1, messages / 2 / Math.max(1, shares.size()));
    }

    /**
     * The messages that exceed all own shares. Each port reads this many times a millisecond; a value that is slightly old does no
     * harm.
     */
    private int extra(int own) {
        Extra last = extra;
        long now = System.nanoTime();
        if (now - last.at() > FRESH_NANOS) {
            int taken = 0;
            for (Share each : shares) {
                taken += Math.max(0, each.inHand.get() - own);
            }
            last = new Extra(now, Math.max(0, messages / 2 - taken));
            extra = last;
        }
        return last.messages();
    }

    private record Extra(long at, int messages) {}

    /** What one port has in hand. */
    final class Share implements AutoCloseable {

        private final AtomicInteger inHand = new AtomicInteger();
        private volatile long progressedAt = System.nanoTime() - PROGRESS_NANOS;

        /** How many more messages the port may take. */
        int room() {
            int own = own();
            int left = Math.max(0, own - inHand.get());
            boolean makesProgress = System.nanoTime() - progressedAt < PROGRESS_NANOS;
            return makesProgress ? left + extra(own) : left;
        }

        void take() {
            inHand.incrementAndGet();
        }

        /** Called when a message has left the port's hand. */
        void release() {
            inHand.decrementAndGet();
            progressedAt = System.nanoTime();
        }

        @Override
        public void close() {
            shares.remove(this);
        }
    }

    /** Memory for a component; the caller must give it back. */
    interface Memory extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the memory that the pipeline of a message needs. A body of up to a megabyte is read with its row, a larger one in
     * pieces; there is memory for bodies apart from that for components. A request that exceeds the whole budget waits for all of it.
     * After a minute (a second for a body) the caller continues without the memory: a component that does not return must not stop all
     * others.
     *
     * @param size the size of the message in bytes; up to 64 KB its body is not counted
     * @param factor how many times its size the components need; this always counts
     * @return the memory, which the caller must close
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    Memory memory(long size, int factor) throws InterruptedException {
        int inRow = size > UNIT ? units(Math.min(size, MAX_IN_ROW)) : 0;
        int body = take(bodies, inRow, BODY_PATIENCE);
        try {
            int units = take(memory, Math.min(memoryUnits, units(size * factor)), MEMORY_PATIENCE);
            return () -> {
                memory.release(units);
                bodies.release(body);
            };
        } catch (InterruptedException e) {
            bodies.release(body);
            throw e;
        }
    }

    /** Returns how many units it took: all, or none when they did not become available. */
    private static int take(Semaphore from, int units, Duration patience) throws InterruptedException {
        return from.tryAcquire(units, patience.toMillis(), TimeUnit.MILLISECONDS) ? units : 0;
    }

    private static int units(long bytes) {
        return bytes <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, 1 + (bytes - 1) / UNIT);
    }
}
