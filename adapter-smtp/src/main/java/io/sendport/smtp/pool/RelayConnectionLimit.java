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
 * The limit of connections to one relay, whatever accounts and settings they use, because a relay counts the connections of a machine, not
 * of a pool. First come, first served, but more urgent ports first. The usable number is found as in Postfix: start with two, add one for
 * each round of successes, and halve it when the relay signals overload. Thread-safe.
 */
public final class RelayConnectionLimit {

    private static final double FIRST = 2;
    /** Connections in progress at the first sign of overload report it too; that counts once. */
    private static final long SHRINK_NANOS = 1_000_000_000L;

    /**
     * A request that is one priority level less urgent is ranked as if it came this much later, so that every request is served eventually.
     */
    private static final long LEVEL_NANOS = 30_000_000_000L;

    private final NavigableSet<Ticket> waiting =
            new TreeSet<>((a, b) -> a.rank == b.rank ? Long.compare(a.no, b.no) : Long.compare(a.rank - b.rank, 0));
    private long tickets;
    private final Set<ConnectionPool> pools = new LinkedHashSet<>();
    private int inUse;
    private double allowed = FIRST;
    private final LongSupplier nanos;
    private long shrunkAt;
    /** Whether the relay showed overload since the limit was last reached. */
    private boolean overloaded;

    public RelayConnectionLimit() {
        this(System::nanoTime);
    }

    /** Takes a monotonic clock. */
    RelayConnectionLimit(LongSupplier nanos) {
        this.nanos = nanos;
        this.shrunkAt = nanos.getAsLong() - SHRINK_NANOS;
    }

    /** A place in the queue. Each ticket is signaled separately, so that no thread is woken for another's turn. */
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
     * @param most the maximum number of its connections
     */
    Line line(int most, Priority priority) {
        return new Line(most, priority);
    }

    /**
     * The waiting requests of one port. A request that gives up leaves its rank to the next one, so that the port moves up even when its
     * requests time out.
     */
    public final class Line {
        private final int most;
        private final Priority priority;
        private final Deque<Long> left = new ArrayDeque<>();

        private Line(int most, Priority priority) {
            this.most = most;
            this.priority = priority;
        }

        /**
         * Acquires a connection, waiting up to {@code timeout} nanoseconds.
         *
         * @return whether a connection became available
         */
        boolean acquire(long timeout) throws InterruptedException {
            Ticket ticket = queue(this);
            try {
                return ticket.turn.tryAcquire(timeout, TimeUnit.NANOSECONDS) || !giveUp(this, ticket);
            } catch (InterruptedException e) {
                if (!giveUp(this, ticket)) {
                    release();
                }
                throw e;
            }
        }
    }

    /** Whether the ticket was still waiting; otherwise its turn came at the last moment. */
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

    /** Admits the requests that may continue, in their order. A request with a lower limit of its own does not block those after it. */
    private void grant() {
        Iterator<Ticket> queue = waiting.iterator();
        while (inUse < (int) allowed && queue.hasNext()) {
            Ticket next = queue.next();
            if (inUse < next.most) {
                inUse++;
                queue.remove();
                next.turn.release();
            }
        }
    }

    /** A mail was accepted by a relay that may have {@code most} connections; more than that are not probed. */
    synchronized void succeeded(int most) {
        allowed = Math.max(allowed, Math.min(most, allowed + 1 / allowed));
        overloaded &= allowed < most;
        grant();
    }

    /** The relay reported or showed overload. */
    synchronized void congested() {
        if (nanos.getAsLong() - shrunkAt >= SHRINK_NANOS) {
            allowed = Math.max(1, allowed / 2);
            shrunkAt = nanos.getAsLong();
            overloaded = true;
        }
    }

    /** For operators: how many connections are in use, what limits them, and what to do. */
    synchronized String usage(int most) {
        String use = inUse + " of " + most + " in use, " + waiting() + " waiting. ";
        if (allowed() >= most) {
            return use + "If the relay accepts more connections, raise maxConnections";
        }
        return use + "Sendport now uses at most " + allowed() + ", "
                + (overloaded
                        ? "because the relay was overloaded; check it with: sendport doctor"
                        : "and uses more as the relay accepts mails");
    }

    /** How many connections the relay is assumed to accept. */
    synchronized int allowed() {
        return (int) allowed;
    }

    synchronized void join(ConnectionPool pool) {
        pools.add(pool);
    }

    synchronized void leave(ConnectionPool pool) {
        pools.remove(pool);
    }

    /** Closes the longest idle connections of these pools, to make room for a new one within the limit. */
    void makeRoom(int most) {
        List<ConnectionPool> all;
        int tooMany;
        synchronized (this) {
            all = List.copyOf(pools);
            tooMany = inUse - Math.min(most, (int) allowed);
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
