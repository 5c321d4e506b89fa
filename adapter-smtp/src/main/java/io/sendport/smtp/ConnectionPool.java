package io.sendport.smtp;

import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one relay, shared by every port that uses it. Bounded and fair; a connection is renewed after a number of
 * mails, an age, or a time of idleness, and never asked whether it still lives: the first command tells. Safe for use by several
 * threads.
 */
final class ConnectionPool {

    private final Relay relay;
    private final RelaySession session;
    private final Semaphore permits;
    private final Deque<Pooled> idle = new ArrayDeque<>();
    private int users;
    private boolean closed;

    /** A connection with its times, in nanoseconds of the monotonic clock. */
    private record Pooled(SmtpDialogue dialogue, long openedAt, long idleSince) {}

    ConnectionPool(Relay relay, RelaySession session) {
        this.relay = relay;
        this.session = session;
        this.permits = new Semaphore(relay.limits().maxConnections(), true);
    }

    /** A connection lent to one thread. */
    final class Borrowed implements AutoCloseable {
        private final long openedAt;
        private SmtpDialogue dialogue;

        private Borrowed(SmtpDialogue dialogue, long openedAt) {
            this.dialogue = dialogue;
            this.openedAt = openedAt;
        }

        SmtpDialogue dialogue() {
            return dialogue;
        }

        /** Puts a new connection in the place of one that turned out to be dead. */
        void renew() throws SmtpException {
            dialogue.quit();
            dialogue = session.open();
        }

        @Override
        public void close() {
            give(dialogue, openedAt);
        }
    }

    /**
     * Lends a connection, a new one where none is idle.
     *
     * @throws SmtpException when none became free in time, with the pool's figures, or a new one could not be opened
     */
    Borrowed borrow() throws SmtpException {
        Duration wait = relay.limits().read();
        try {
            if (!permits.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SmtpException(
                        Phase.CONNECT,
                        Reply.none("no free connection to " + relay.address() + " within " + wait + ": "
                                + relay.limits().maxConnections() + " in use, " + permits.getQueueLength()
                                + " waiting"),
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmtpException(Phase.CONNECT, Reply.none("interrupted while waiting for a connection"), e);
        }
        try {
            Pooled pooled = takeIdle();
            return pooled == null
                    ? new Borrowed(session.open(), System.nanoTime())
                    : new Borrowed(pooled.dialogue(), pooled.openedAt());
        } catch (SmtpException | RuntimeException e) {
            permits.release();
            throw e;
        }
    }

    private @Nullable Pooled takeIdle() {
        List<SmtpDialogue> stale = new ArrayList<>();
        Pooled found = null;
        synchronized (idle) {
            while (found == null && !idle.isEmpty()) {
                Pooled pooled = idle.pop();
                if (isFresh(pooled, System.nanoTime())) {
                    found = pooled;
                } else {
                    stale.add(pooled.dialogue());
                }
            }
        }
        stale.forEach(SmtpDialogue::quit);
        return found;
    }

    private boolean isFresh(Pooled pooled, long now) {
        return now - pooled.idleSince() < relay.limits().idle().toNanos()
                && now - pooled.openedAt() < relay.limits().maxAge().toNanos();
    }

    private void give(SmtpDialogue dialogue, long openedAt) {
        boolean keep =
                dialogue.isUsable() && dialogue.messages() < relay.limits().messagesPerConnection();
        synchronized (idle) {
            keep &= !closed;
            if (keep) {
                idle.push(new Pooled(dialogue, openedAt, System.nanoTime()));
            }
        }
        if (!keep) {
            dialogue.quit();
        }
        permits.release();
    }

    /** Closes what has been idle or open for too long. */
    void sweep() {
        List<SmtpDialogue> stale = new ArrayList<>();
        synchronized (idle) {
            long now = System.nanoTime();
            for (Iterator<Pooled> each = idle.iterator(); each.hasNext(); ) {
                Pooled pooled = each.next();
                if (!isFresh(pooled, now)) {
                    each.remove();
                    stale.add(pooled.dialogue());
                }
            }
        }
        stale.forEach(SmtpDialogue::quit);
    }

    /** Connections lent at this moment. */
    int inUse() {
        return relay.limits().maxConnections() - permits.availablePermits();
    }

    Relay relay() {
        return relay;
    }

    synchronized void addUser() {
        users++;
    }

    /** Takes back one user; whether that was the last. */
    synchronized boolean removeUser() {
        return --users == 0;
    }

    /** Closes what is idle now, and what is lent as soon as it comes back. */
    void close() {
        List<Pooled> all;
        synchronized (idle) {
            closed = true;
            all = new ArrayList<>(idle);
            idle.clear();
        }
        all.forEach(pooled -> pooled.dialogue().quit());
    }
}
