package io.sendport.smtp.pool;

import io.sendport.api.adapter.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The bound on connections to one relay, whatever accounts and settings they are opened with: a relay counts the connections of a machine,
 * not those of a pool. First come, first served, the more urgent before the less. How many it takes well is found out as Postfix does: begin
 * with two, one more for each round of successes, half when it says that it is too much. Thread-safe.
 */
public final class RelayCap {

    private static final double FIRST = 2;
    /** What was under way when the relay first complained complains too; that is one complaint. */
    private static final long SHRINK_NANOS = 1_000_000_000L;

    /** So much later has one come that is a level less urgent: nobody waits for ever behind those that are more. */
    private static final long LEVEL_NANOS = 30_000_000_000L;

    private final NavigableSet<Ticket> waiting =
            new TreeSet<>((a, b) -> a.rank == b.rank ? Long.compare(a.no, b.no) : Long.compare(a.rank - b.rank, 0));
    private long tickets;
    private final Set<ConnectionPool> pools = new LinkedHashSet<>();
    private int inUse;
    private double bearable = FIRST;
    private final LongSupplier nanos;
    private long shrunkAt;

    public RelayCap() {
        this(System::nanoTime);
    }

    /** By a monotonic clock of the caller's. */
    RelayCap(LongSupplier nanos) {
        this.nanos = nanos;
        this.shrunkAt = nanos.getAsLong() - SHRINK_NANOS;
    }

    /** A place in the queue. Each is told of its own turn, so that nobody is woken for another's. */
    private static final class Ticket {
        private final long rank;
        private final long no;
        private final int most;
        private final Semaphore turn = new Semaphore(0);

        Ticket(long rank, long no, int most) {
            this.rank = rank;
            this.no = no;
            this.most = most;
        }
    }

    /**
     * The queue of one port.
     *
     * @param most connections that it may have
     */
    Line line(int most, Priority priority) {
        return new Line(most, priority);
    }

    /** Those of one port that wait. Who gives up leaves its rank to the next, so that a port that waits in vain moves up all the same. */
    public final class Line {
        private final int most;
        private final Priority priority;
        private final Deque<Long> left = new ArrayDeque<>();

        private Line(int most, Priority priority) {
            this.most = most;
            this.priority = priority;
        }

        /**
         * Takes a connection, waiting for it up to {@code patience}, in nanoseconds.
         *
         * @return whether one was to be had
         */
        boolean acquire(long patience) throws InterruptedException {
            Ticket ticket = queue(this);
            try {
                return ticket.turn.tryAcquire(patience, TimeUnit.NANOSECONDS) || !giveUp(this, ticket);
            } catch (InterruptedException e) {
                if (!giveUp(this, ticket)) {
                    release();
                }
                throw e;
            }
        }
    }

    /** Whether it still waited; else its turn came at the last moment. */
    private synchronized boolean giveUp(Line line, Ticket ticket) {
        boolean waited = waiting.remove(ticket);
        if (waited) {
            line.left.add(ticket.rank);
        }
        return waited;
    }

    private synchronized Ticket queue(Line line) {
        Long kept = line.left.poll();
        long rank = kept == null ? nanos.getAsLong() + line.priority.level() * LEVEL_NANOS : kept;
        Ticket ticket = new Ticket(rank, tickets++, line.most);
        waiting.add(ticket);
        grant();
        return ticket;
    }

    /** Lets on whoever may go on, in their order: one with a lower bound of its own holds up nobody behind it. */
    private void grant() {
        Iterator<Ticket> queue = waiting.iterator();
        while (inUse < (int) bearable && queue.hasNext()) {
            Ticket next = queue.next();
            if (inUse < next.most) {
                inUse++;
                queue.remove();
                next.turn.release();
            }
        }
    }

    /** A mail was taken by a relay that may have {@code most} connections: more than those are not found out about. */
    synchronized void succeeded(int most) {
        bearable = Math.max(bearable, Math.min(most, bearable + 1 / bearable));
        grant();
    }

    /** The relay said, or showed, that it has too much to do. */
    synchronized void congested() {
        if (nanos.getAsLong() - shrunkAt >= SHRINK_NANOS) {
            bearable = Math.max(1, bearable / 2);
            shrunkAt = nanos.getAsLong();
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
        grant();
    }

    public synchronized int inUse() {
        return inUse;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
