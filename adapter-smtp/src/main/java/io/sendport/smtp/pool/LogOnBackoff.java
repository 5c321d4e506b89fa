package io.sendport.smtp.pool;

import io.sendport.api.adapter.Rest;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.SmtpConnection;
import io.sendport.smtp.wire.SmtpException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Protects an account from lockout. After a refused log-on, no connection tries it for a minute, then for twice as long each time, at most
 * an hour. While it is unknown whether an account works, only one connection at a time tries it. Thread-safe.
 */
public final class LogOnBackoff {

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration MAX_DURATION = Duration.ofHours(1);

    private final Clock clock;
    private final Duration timeout;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private volatile boolean proven;
    private int refusals;
    private @Nullable Rest rest;

    /**
     * Creates the backoff of one account.
     *
     * @param timeout the maximum wait while another connection tries the account
     * @param proven whether the account needs no trial, because there is no log-on
     */
    public LogOnBackoff(Clock clock, Duration timeout, boolean proven) {
        this.clock = clock;
        this.timeout = timeout;
        this.proven = proven;
    }

    /** Opens a connection and logs on. */
    @FunctionalInterface
    interface Opening {
        SmtpConnection open() throws SmtpException;
    }

    /**
     * Opens a connection unless the account is paused.
     *
     * @throws SmtpException with the phase BORROW while it is paused; otherwise what {@code opening} throws
     */
    SmtpConnection open(Opening opening) throws SmtpException {
        if (proven) {
            return attempt(opening);
        }
        boolean mine = false;
        try {
            mine = oneAtATime.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw new SmtpException(
                        Phase.BORROW,
                        Reply.none("no connection within " + timeout
                                + ", because another connection is still checking whether the server accepts the account;"
                                + " nothing was sent"),
                        null);
            }
            return attempt(opening);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmtpException(Phase.BORROW, Reply.none("interrupted while waiting for a connection"), e);
        } finally {
            if (mine) {
                oneAtATime.unlock();
            }
        }
    }

    private SmtpConnection attempt(Opening opening) throws SmtpException {
        Optional<Rest> now = rest();
        if (now.isPresent()) {
            throw new SmtpException(
                    Phase.BORROW,
                    Reply.none(
                            now.get().why() + "; no log-on before " + now.get().until()),
                    null);
        }
        try {
            SmtpConnection connection = opening.open();
            succeeded();
            return connection;
        } catch (SmtpException e) {
            if (e.phase() == Phase.AUTH && e.reply().isPermanent()) {
                refused(e.reply());
            }
            throw e;
        }
    }

    private synchronized void succeeded() {
        proven = true;
        refusals = 0;
        rest = null;
    }

    private synchronized void refused(Reply reply) {
        if (rest().isPresent()) {
            // Connections that were opened in parallel are refused together; that counts as one refusal.
            return;
        }
        proven = false;
        Duration wait = FIRST.multipliedBy(1L << Math.min(refusals++, 10));
        Instant until = clock.instant().plus(wait.compareTo(MAX_DURATION) > 0 ? MAX_DURATION : wait);
        rest = new Rest(Rest.Cause.CREDENTIAL, until, "the server refused the account: " + reply);
    }

    /**
     * Ends the pause, because an operator says that the account works again. The next connection tries it; another refusal counts as the
     * first.
     */
    public synchronized void end() {
        refusals = 0;
        rest = null;
    }

    /** The pause; empty when the account may be used. */
    public synchronized Optional<Rest> rest() {
        Rest current = rest;
        return current == null || !clock.instant().isBefore(current.until()) ? Optional.empty() : Optional.of(current);
    }
}
