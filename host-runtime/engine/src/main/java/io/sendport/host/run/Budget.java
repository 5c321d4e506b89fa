package io.sendport.host.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits what all ports of one process use at once: messages in progress, each of which occupies a thread, and memory for components.
 * Half of the messages are reserved for the ports in equal shares. The other half goes to ports that make progress, so ports with hanging
 * relays cannot take all of it. Safe for use by several threads.
 */
public final class Budget {

    private static final int MESSAGES = 300;
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long EXTRA_MAX_AGE_NANOS = Duration.ofMillis(1).toNanos();
    private static final int UNIT = 64 * 1024;
    private static final int MAX_IN_ROW = 1024 * 1024;

    /** A short wait, because components of other ports that do not return may hold the memory for bodies. */
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration MEMORY_TIMEOUT = Duration.ofMinutes(1);

    private final int messages;
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();
    private final int memoryUnits;
    private final Semaphore memory;
    private final Semaphore bodies;
    private volatile Extra extra = new Extra(System.nanoTime() - 2 * EXTRA_MAX_AGE_NANOS, 0);

    /**
     * Creates a budget.
     *
     * @param messages the maximum number of messages in progress, at least 2; a port always gets at least one
     * @param memory the memory for running components, in bytes
     */
    public Budget(int messages, long memory) {
        this.messages = messages;
        this.memoryUnits = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memory / UNIT));
        this.memory = new Semaphore(memoryUnits, true);
        this.bodies = new Semaphore(memoryUnits / 2 + MAX_IN_ROW / UNIT, true);
    }

    /** Creates the budget for this process: 300 messages, and a third of the heap for components. */
    public static Budget ofThisProcess() {
        return new Budget(MESSAGES, Runtime.getRuntime().maxMemory() / 3);
    }

    /** Adds a port. It has a share of the budget until the share is closed. */
    Share addPort() {
        Share share = new Share();
        shares.add(share);
        return share;
    }

    private int reservedPerPort() {
        return Math.max(1, messages / 2 / Math.max(1, shares.size()));
    }

    /**
     * How many messages a port may take beyond its reserved ones. Ports read this many times a millisecond, so a value up to a millisecond
     * old is good enough.
     */
    private int extra(int reserved) {
        Extra last = extra;
        long now = System.nanoTime();
        if (now - last.at() > EXTRA_MAX_AGE_NANOS) {
            int taken = 0;
            for (Share each : shares) {
                taken += Math.max(0, each.inProgress.get() - reserved);
            }
            last = new Extra(now, Math.max(0, messages / 2 - taken));
            extra = last;
        }
        return last.messages();
    }

    private record Extra(long at, int messages) {}

    /** The share of one port, with its messages in progress. */
    final class Share implements AutoCloseable {

        private final AtomicInteger inProgress = new AtomicInteger();
        private volatile long progressedAt = System.nanoTime() - PROGRESS_NANOS;

        /** How many more messages the port may take now. */
        int room() {
            int reserved = reservedPerPort();
            int left = Math.max(0, reserved - inProgress.get());
            boolean makesProgress = System.nanoTime() - progressedAt < PROGRESS_NANOS;
            return makesProgress ? left + extra(reserved) : left;
        }

        void acquire() {
            inProgress.incrementAndGet();
        }

        /** Called when the work on a message has ended. */
        void release() {
            inProgress.decrementAndGet();
            progressedAt = System.nanoTime();
        }

        @Override
        public void close() {
            shares.remove(this);
        }
    }

    /** Memory for a pipeline. The caller must close it to release the memory. */
    interface Memory extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the memory that the pipeline of a message needs. Bodies and components have separate memory. A body of up to 1 MB is read
     * with its row, a larger body in chunks, so at most 1 MB counts. A request that exceeds the whole budget waits for all of it.
     *
     * <p>After a minute for components, and a second for the body, the caller continues without the memory. A component that does not
     * return must not stop all others.
     *
     * @param size the size of the message in bytes; a body of up to 64 KB does not count
     * @param factor how many times that size the components need; 0 if they need none
     * @return the memory, which the caller must close
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    Memory acquireMemory(long size, int factor) throws InterruptedException {
        int inRow = size > UNIT ? units(Math.min(size, MAX_IN_ROW)) : 0;
        int body = tryAcquire(bodies, inRow, BODY_TIMEOUT);
        try {
            int units = tryAcquire(memory, Math.min(memoryUnits, units(size * factor)), MEMORY_TIMEOUT);
            return () -> {
                memory.release(units);
                bodies.release(body);
            };
        } catch (InterruptedException e) {
            bodies.release(body);
            throw e;
        }
    }

    /** Returns the number of acquired units: {@code units}, or 0 if they did not become available within {@code timeout}. */
    private static int tryAcquire(Semaphore from, int units, Duration timeout) throws InterruptedException {
        return from.tryAcquire(units, timeout.toMillis(), TimeUnit.MILLISECONDS) ? units : 0;
    }

    private static int units(long bytes) {
        return bytes <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, 1 + (bytes - 1) / UNIT);
    }
}
