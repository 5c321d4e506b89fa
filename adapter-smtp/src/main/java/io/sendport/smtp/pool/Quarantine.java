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
 * Keeps an account from being locked: after one refused log-on nobody tries it again for a minute, then for twice as long each time, an hour
 * at the most. While it is in doubt whether an account is good, one connection at a time finds out. Thread-safe.
 */
public final class Quarantine {

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Clock clock;
    private final Duration patience;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private volatile boolean proven;
    private int strikes;
    private @Nullable Rest rest;

    /** Waits for its turn for {@code patience}; without an account ({@code proven}) there is nothing to find out. */
    public Quarantine(Clock clock, Duration patience, boolean proven) {
        this.clock = clock;
        this.patience = patience;
        this.proven = proven;
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Opening {
        SmtpConnection open() throws SmtpException;
    }

    /**
     * Has a connection opened, unless the account rests.
     *
     * @throws SmtpException of the phase BORROW while it does, else what {@code opening} throws
     */
    SmtpConnection open(Opening opening) throws SmtpException {
        if (proven) {
            return tried(opening);
        }
        boolean mine = false;
        try {
            mine = oneAtATime.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw new SmtpException(
                        Phase.BORROW,
                        Reply.none("no connection within " + patience
                                + ": another one is finding out whether the account is good"),
                        null);
            }
            return tried(opening);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmtpException(Phase.BORROW, Reply.none("interrupted while waiting for a connection"), e);
        } finally {
            if (mine) {
                oneAtATime.unlock();
            }
        }
    }

    private SmtpConnection tried(Opening opening) throws SmtpException {
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
        strikes = 0;
        rest = null;
    }

    private synchronized void refused(Reply reply) {
        if (rest().isPresent()) {
            // Connections that were opened side by side are refused together; that is one refusal.
            return;
        }
        proven = false;
        Duration wait = FIRST.multipliedBy(1L << Math.min(strikes++, 10));
        Instant until = clock.instant().plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
        rest = new Rest(Rest.Cause.CREDENTIAL, until, "the server refused our account: " + reply);
    }

    /** Ends the rest: somebody says that the account is good again. The next connection finds out, and one refusal more counts as the first. */
    public synchronized void end() {
        strikes = 0;
        rest = null;
    }

    /** Set while the account rests. */
    public synchronized Optional<Rest> rest() {
        Rest current = rest;
        return current == null || !clock.instant().isBefore(current.until()) ? Optional.empty() : Optional.of(current);
    }
}
