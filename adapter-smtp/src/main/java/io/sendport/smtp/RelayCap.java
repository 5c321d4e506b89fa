package io.sendport.smtp;

import io.sendport.api.adapter.Priority;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bound on connections to one relay, whatever accounts and settings they are opened with: a relay counts the connections of a
 * machine, not those of a pool. First come, first served, the more urgent before the less. How many it takes well is found out as Postfix does: begin with two, one
 * more for each round of successes, half when it says that it is too much. Safe for use by several threads.
 */
final class RelayCap {

    private static final double FIRST = 2;
    /** What was under way when the relay first complained complains too; that is one complaint. */
    private static final long SHRINK_NANOS = 1_000_000_000L;

    /** So much later has one come that is a level less urgent: nobody waits for ever behind those that are more. */
    private static final long LEVEL_NANOS = 30_000_000_000L;

    private final List<Ticket> waiting = new ArrayList<>();
    private final Set<ConnectionPool> pools = new LinkedHashSet<>();
    private int inUse;
    private double bearable = FIRST;
    private long shrunkAt = System.nanoTime() - SHRINK_NANOS;

    /** A place in the queue, equal to no other. */
    private static final class Ticket {
        private final long rank;
        private final int most;

        Ticket(long rank, int most) {
            this.rank = rank;
            this.most = most;
        }
    }

    /**
     * Takes one of {@code most} connections, waiting for it up to a time.
     *
     * @return whether one was to be had
     */
    synchronized boolean acquire(int most, Priority priority, long nanos) throws InterruptedException {
        Ticket ticket = new Ticket(System.nanoTime() + priority.level() * LEVEL_NANOS, most);
        waiting.add(ticket);
        long deadline = System.nanoTime() + nanos;
        try {
            while (next() != ticket) {
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

    /** The first whose own bound lets it go on: one with a lower bound holds up nobody behind it. */
    private @Nullable Ticket next() {
        return waiting.stream()
                .filter(each -> inUse < Math.min(each.most, (int) bearable))
                .min((a, b) -> Long.compare(a.rank - b.rank, 0))
                .orElse(null);
    }

    /** A mail was taken by a relay that may have {@code most} connections: more than those are not found out about. */
    synchronized void succeeded(int most) {
        bearable = Math.max(bearable, Math.min(most, bearable + 1 / bearable));
        notifyAll();
    }

    /** The relay said, or showed, that it has too much to do. */
    synchronized void congested() {
        if (System.nanoTime() - shrunkAt >= SHRINK_NANOS) {
            bearable = Math.max(1, bearable / 2);
            shrunkAt = System.nanoTime();
        }
    }

    /** How many connections the relay is taken to bear. */
    synchronized int bearable() {
        return (int) bearable;
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
            tooMany = inUse - Math.min(most, (int) bearable);
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
