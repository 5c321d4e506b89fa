package io.sendport.spring;

import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.Submitter;
import io.sendport.host.Sendport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the send ports of this application. They start before web servers accept requests and stop after them, so that each request can
 * submit. Stopping waits for attempts in progress. Thread-safe.
 */
public final class SendportHost implements SmartLifecycle, OutcomeSource {

    private final Sendport.Builder builder;
    private final Duration drain;
    private final CurrentTransaction transaction;
    private volatile @Nullable Sendport running;

    SendportHost(Sendport.Builder builder, Duration drain, CurrentTransaction transaction) {
        this.builder = builder;
        this.drain = drain;
        this.transaction = transaction;
    }

    /**
     * Starts the hosts.
     *
     * @throws IllegalStateException when the configuration has errors, or a host cannot start
     */
    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        try {
            running = builder.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Sendport did not start: it was interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException("Sendport cannot start: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void stop() {
        Sendport sendport = running;
        if (sendport == null) {
            return;
        }
        running = null;
        sendport.drain(drain);
        try {
            sendport.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Sendport stopped, but could not release a resource: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** Lower than the phases of web servers, so that the hosts start earlier and stop later. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 4096;
    }

    /** The engine; empty while it is not running. */
    public Optional<Sendport> sendport() {
        return Optional.ofNullable(running);
    }

    /** Submits to these send ports, as part of the current transaction if there is one. */
    Submitter submitter() {
        return new Submitter() {
            @Override
            public Receipt submit(Submission submission) {
                return currentSubmitter().submit(submission);
            }

            @Override
            public List<Receipt> publish(Submission submission) {
                return currentSubmitter().publish(submission);
            }
        };
    }

    private Submitter currentSubmitter() {
        Sendport sendport = engine();
        boolean isOnPostgres =
                sendport.operations().routing().messageBox().sqliteFile().isEmpty();
        return transaction.joined(isOnPostgres).orElseGet(sendport::submitter);
    }

    @Override
    public OutcomePage outcomes(OutcomePosition after) {
        return engine().operations().outcomes().outcomes(after);
    }

    private Sendport engine() {
        return sendport()
                .orElseThrow(() -> new NotNowException("Sendport is not running, because the application is starting or"
                        + " stopping. Try again later"));
    }
}
