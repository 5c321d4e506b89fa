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
 * The send ports of this application. They start before web servers accept requests and stop after them, so that a request can submit while it runs. A stop waits for
 * the attempts in progress. Thread-safe.
 */
public final class SendportHost implements SmartLifecycle, OutcomeSource {

    private final Sendport.Builder builder;
    private final Duration drain;
    private final TransactionUnderWay transaction;
    private volatile @Nullable Sendport running;

    SendportHost(Sendport.Builder builder, Duration drain, TransactionUnderWay transaction) {
        this.builder = builder;
        this.drain = drain;
        this.transaction = transaction;
    }

    /**
     * Starts.
     *
     * @throws IllegalStateException when the configuration is wrong, or a host cannot be started
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
            throw new IllegalStateException("Sendport was interrupted while it started", e);
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
            throw new UncheckedIOException("Sendport did not end in order", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** Lower than the phases of web servers: such a bean starts earlier and stops later. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 4096;
    }

    /** The engine; empty while it does not run. */
    public Optional<Sendport> sendport() {
        return Optional.ofNullable(running);
    }

    /** Submits to these send ports, in the transaction under way if there is one. */
    Submitter submitter() {
        return new Submitter() {
            @Override
            public Receipt submit(Submission submission) {
                return now().submit(submission);
            }

            @Override
            public List<Receipt> publish(Submission submission) {
                return now().publish(submission);
            }
        };
    }

    private Submitter now() {
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
                .orElseThrow(() -> new NotNowException("Sendport does not run: the application is starting or ending"));
    }
}
