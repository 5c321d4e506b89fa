package io.sendport.host.relay;

import io.sendport.support.DaemonTimer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * The connections to the embedded relay that have not logged on. Each must log on within a short time. A new connection above the limit
 * closes the oldest one. A client with the password logs on at once, so other clients cannot lock it out. Safe for use by several
 * threads.
 */
final class UnauthenticatedSessions implements SessionHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UnauthenticatedSessions.class);

    private static final long GRACE_MILLIS = 1_000;

    private final int most;
    private final Duration timeout;
    /** The connections, oldest first, each with the task that ends it. */
    private final Map<Session, Future<?>> waiting = new LinkedHashMap<>();

    private final ScheduledThreadPoolExecutor timer = DaemonTimer.named("sendport-relay-door");

    /** Allows {@code most} connections that have not logged on, each for {@code timeout}. */
    UnauthenticatedSessions(int most, Duration timeout) {
        this.most = most;
        this.timeout = timeout;
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public SessionAcceptance accept(Session session) {
        Optional<Session> longest = Optional.empty();
        synchronized (waiting) {
            if (waiting.size() >= most) {
                longest = waiting.keySet().stream().findFirst();
            }
            waiting.put(session, timer.schedule(() -> end(session), timeout.toMillis(), TimeUnit.MILLISECONDS));
        }
        longest.ifPresent(this::end);
        return SessionAcceptance.success();
    }

    @Override
    public void onSessionEnd(Session session) {
        forget(session);
    }

    /** Called when a connection has logged on. */
    void loggedOn(MessageContext session) {
        forget(session);
    }

    /** Removes a connection. Returns whether it had not logged on. */
    private boolean forget(MessageContext session) {
        Future<?> end;
        synchronized (waiting) {
            end = waiting.remove(session);
        }
        if (end == null) {
            return false;
        }
        end.cancel(false);
        return true;
    }

    private void end(Session session) {
        if (!forget(session)) {
            return;
        }
        LOG.debug("{} has not logged on", session.getRemoteAddress());
        try {
            // Close the input, as if the client had hung up: the thread of the session then replies and ends.
            session.getSocket().shutdownInput();
            Future<?> last = timer.schedule(() -> close(session), GRACE_MILLIS, TimeUnit.MILLISECONDS);
            if (last.isCancelled()) {
                close(session);
            }
        } catch (IOException | RejectedExecutionException e) {
            close(session);
        }
    }

    /** Closes a connection whose thread cannot reply, because the client does not read. */
    private static void close(Session session) {
        try {
            session.closeSocket();
        } catch (IOException e) {
            LOG.debug("cannot close a connection", e);
        }
    }

    /** The number of connections that have not logged on. */
    int count() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
