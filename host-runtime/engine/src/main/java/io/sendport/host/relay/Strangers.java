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
 * Connections to the embedded relay without log-on. Each has a short time to log on, and one connection too many ends the oldest. A
 * client with the password logs on at once, so others cannot lock it out. Safe for use by several threads.
 */
final class Strangers implements SessionHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

    private static final long GRACE_MILLIS = 1_000;

    private final int most;
    private final Duration patience;
    /** The oldest first, each with its timeout. */
    private final Map<Session, Future<?>> waiting = new LinkedHashMap<>();

    private final ScheduledThreadPoolExecutor timer = DaemonTimer.named("sendport-relay-door");

    /** Allows {@code most} such connections, each for {@code patience}. */
    Strangers(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
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
            waiting.put(session, timer.schedule(() -> end(session), patience.toMillis(), TimeUnit.MILLISECONDS));
        }
        longest.ifPresent(this::end);
        return SessionAcceptance.success();
    }

    @Override
    public void onSessionEnd(Session session) {
        forget(session);
    }

    /** Called when the connection has logged on. */
    void loggedOn(MessageContext session) {
        forget(session);
    }

    /** Returns whether it had not logged on before. */
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
            // Simulates a hang-up: its thread says goodbye and ends.
            session.getSocket().shutdownInput();
            Future<?> last = timer.schedule(() -> close(session), GRACE_MILLIS, TimeUnit.MILLISECONDS);
            if (last.isCancelled()) {
                close(session);
            }
        } catch (IOException | RejectedExecutionException e) {
            close(session);
        }
    }

    /** Closes a connection whose thread cannot say goodbye, because nobody reads its output. */
    private static void close(Session session) {
        try {
            session.closeSocket();
        } catch (IOException e) {
            LOG.debug("cannot close a connection", e);
        }
    }

    /** The number of such connections. */
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
