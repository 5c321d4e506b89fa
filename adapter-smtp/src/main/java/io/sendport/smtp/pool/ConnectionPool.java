package io.sendport.smtp.pool;

import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.Progress;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.RelaySession;
import io.sendport.smtp.wire.SmtpConnection;
import io.sendport.smtp.wire.SmtpException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one relay, shared by every port that uses it. Bounded and fair. A connection is replaced after a number of mails, an
 * age, or an idle time. It is never tested for liveness: the first command shows whether it still works. Thread-safe.
 */
public final class ConnectionPool {

    private final Relay relay;
    private final RelaySession session;
    private final RelayConnectionLimit limit;
    private final LogOnBackoff logOnBackoff;
    private final Deque<Pooled> idle = new ArrayDeque<>();
    private int users;
    private boolean closed;

    /** A connection with its times, in nanoseconds of the monotonic clock. */
    private record Pooled(SmtpConnection dialogue, long openedAt, long idleSince) {}

    public ConnectionPool(Relay relay, RelaySession session, RelayConnectionLimit limit, LogOnBackoff logOnBackoff) {
        this.logOnBackoff = logOnBackoff;
        this.relay = relay;
        this.session = session;
        this.limit = limit;
        limit.join(this);
    }

    /** A borrowed connection. Not thread-safe. */
    public final class Borrowed implements AutoCloseable {
        private final Progress progress;
        private long openedAt;
        private SmtpConnection dialogue;

        private Borrowed(SmtpConnection dialogue, long openedAt, Progress progress) {
            this.dialogue = dialogue;
            this.openedAt = openedAt;
            this.progress = progress;
            dialogue.reportTo(progress);
        }

        public SmtpConnection dialogue() {
            return dialogue;
        }

        /** Replaces a dead connection by a new one. */
        public void renew() throws SmtpException {
            dialogue.quit();
            dialogue = logOnBackoff.open(() -> session.open(progress));
            openedAt = System.nanoTime();
        }

        /**
         * Makes the connection ready for another mail. Returns whether that took a new connection, because the last mail left this one
         * unusable.
         */
        public boolean refresh() throws SmtpException {
            boolean worn = !isReusable(dialogue);
            if (worn) {
                renew();
            }
            return worn;
        }

        @Override
        public void close() {
            dialogue.reportTo(Progress.NONE);
            giveBack(dialogue, openedAt);
        }
    }

    /** The queue of one port for these connections. */
    public RelayConnectionLimit.Line line(Priority priority) {
        return limit.line(relay.limits().maxConnections(), priority);
    }

    /**
     * Waits for a place among the connections; {@link #lend} takes it.
     *
     * @return why no place became free in time; empty when there is one
     */
    public Optional<String> await(RelayConnectionLimit.Line line) throws InterruptedException {
        Duration timeout = relay.limits().read();
        return line.acquire(timeout.toNanos())
                ? Optional.empty()
                : Optional.of("no free connection to " + relay.address() + " within " + timeout + ": "
                        + limit.usage(relay.limits().maxConnections()));
    }

    /**
     * Lends a connection to a caller that has a place, and opens a new one when none is idle. A failure frees the place.
     *
     * @param progress receives each phase of the dialogue until the connection is returned
     * @throws SmtpException when a new connection could not be opened; with the phase BORROW when that was not tried
     */
    public Borrowed lend(Progress progress) throws SmtpException {
        Borrowed lent = null;
        try {
            Pooled pooled = takeIdle();
            if (pooled != null) {
                lent = new Borrowed(pooled.dialogue(), pooled.openedAt(), progress);
                return lent;
            }
            limit.makeRoom(relay.limits().maxConnections());
            lent = new Borrowed(logOnBackoff.open(() -> session.open(progress)), System.nanoTime(), progress);
            return lent;
        } finally {
            // Frees the place after any failure, including an error of the virtual machine.
            if (lent == null) {
                limit.release();
            }
        }
    }

    private @Nullable Pooled takeIdle() {
        List<SmtpConnection> stale = new ArrayList<>();
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
        stale.forEach(SmtpConnection::quit);
        return found;
    }

    private boolean isFresh(Pooled pooled, long now) {
        return now - pooled.idleSince() < relay.limits().idle().toNanos()
                && now - pooled.openedAt() < relay.limits().maxAge().toNanos();
    }

    private boolean isReusable(SmtpConnection dialogue) {
        return dialogue.isUsable() && dialogue.messages() < relay.limits().messagesPerConnection();
    }

    private void giveBack(SmtpConnection dialogue, long openedAt) {
        boolean keep = isReusable(dialogue);
        synchronized (idle) {
            keep &= !closed;
            if (keep) {
                idle.push(new Pooled(dialogue, openedAt, System.nanoTime()));
            }
        }
        try {
            if (!keep) {
                dialogue.quit();
            }
        } finally {
            limit.release();
        }
    }

    /** Closes connections that have been idle or open for too long. */
    public void sweep() {
        List<SmtpConnection> stale = new ArrayList<>();
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
        stale.forEach(SmtpConnection::quit);
    }

    /** Learns from an attempt how many connections the relay accepts. */
    public void learn(List<Answer> results) {
        for (Answer each : results) {
            if (each.outcome() == Outcome.ACCEPTED) {
                limit.succeeded(relay.limits().maxConnections());
                return;
            }
            boolean tooMuch = each.reply().code() == 421
                    || each.reply().enhanced().equals("4.3.2")
                    || (each.phase() == Phase.CONNECT && each.reply().code() == 0);
            if (tooMuch) {
                limit.congested();
                return;
            }
        }
    }

    public LogOnBackoff logOnBackoff() {
        return logOnBackoff;
    }

    /** The number of idle connections. */
    int idle() {
        synchronized (idle) {
            return idle.size();
        }
    }

    /** Closes the connection that has been idle for longest. Returns whether there was one. */
    boolean dropLongestIdle() {
        Pooled longest;
        synchronized (idle) {
            longest = idle.pollLast();
        }
        if (longest == null) {
            return false;
        }
        longest.dialogue().quit();
        return true;
    }

    public Relay relay() {
        return relay;
    }

    public synchronized void addUser() {
        users++;
    }

    /** Removes one user. Returns whether it was the last. */
    public synchronized boolean removeUser() {
        return --users == 0;
    }

    /** Closes idle connections now, and borrowed connections as soon as they are returned. */
    public void close() {
        List<Pooled> all;
        synchronized (idle) {
            closed = true;
            all = new ArrayList<>(idle);
            idle.clear();
        }
        all.forEach(pooled -> pooled.dialogue().quit());
        limit.leave(this);
    }
}
