package io.sendport.smtp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The bound on connections to one relay, whatever accounts and settings they are opened with: a relay counts the connections of a
 * machine, not those of a pool. First come, first served. Safe for use by several threads.
 */
final class RelayCap {

    private final Deque<Object> waiting = new ArrayDeque<>();
    private final Set<ConnectionPool> pools = new LinkedHashSet<>();
    private int inUse;

    /**
     * Takes one of {@code most} connections, waiting for it up to a time.
     *
     * @return whether one was to be had
     */
    synchronized boolean acquire(int most, long nanos) throws InterruptedException {
        Object ticket = new Object();
        waiting.add(ticket);
        long deadline = System.nanoTime() + nanos;
        try {
            while (inUse >= most || waiting.peek() != ticket) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000 + 1);
            }
            inUse++;
            return true;
        } finally {
            waiting.remove(ticket);
            notifyAll();
        }
    }

    synchronized void join(ConnectionPool pool) {
        pools.add(pool);
    }

    synchronized void leave(ConnectionPool pool) {
        pools.remove(pool);
    }

    /** Has the longest idle connections of these pools closed, so that one more can be opened and none is too many. */
    void makeRoom(int most) {
        List<ConnectionPool> all;
        int tooMany;
        synchronized (this) {
            all = List.copyOf(pools);
            tooMany = inUse - most;
        }
        tooMany += all.stream().mapToInt(ConnectionPool::idle).sum();
        for (ConnectionPool each : all) {
            while (tooMany > 0 && each.dropLongestIdle()) {
                tooMany--;
            }
        }
    }

    synchronized void release() {
        inUse--;
        notifyAll();
    }

    synchronized int inUse() {
        return inUse;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
