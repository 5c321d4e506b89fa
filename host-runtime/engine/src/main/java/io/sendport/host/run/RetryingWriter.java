package io.sendport.host.run;

import io.sendport.host.box.Attempts;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a write to the message box until it succeeds, because a result must survive a temporary fault of the store. Thread-safe. */
public final class RetryingWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RetryingWriter.class);
    private static final long RETRY_MILLIS = 500;

    private final Store store;
    private final BooleanSupplier closing;

    /** Stops retrying once {@code closing} returns true, or the store fails permanently. */
    public RetryingWriter(Store store, BooleanSupplier closing) {
        this.store = store;
        this.closing = closing;
    }

    /**
     * Runs {@code write} until it succeeds, or the process ends. Blocks meanwhile, and ignores interrupts until then. If the process ends
     * first, an open attempt is in doubt.
     *
     * @return false if the process ended first, the message has changed, or the lease is lost
     */
    public boolean run(Runnable write) {
        return get(() -> {
                    write.run();
                    return true;
                })
                .isPresent();
    }

    /** As {@link #run}, with the result of {@code write}; empty if it was not written. {@code write} must not return null. */
    public <T> Optional<T> get(Supplier<T> write) {
        boolean hasLogged = false;
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return Optional.of(write.get());
                } catch (StoreException e) {
                    if (!hasLogged) {
                        LOG.error(
                                "cannot write a result to the message box: {}. Sendport keeps the result in memory and retries."
                                        + " Correct the cause before you stop this process; otherwise an open attempt becomes in"
                                        + " doubt",
                                e.getMessage());
                    }
                    hasLogged = true;
                }
                if (closing.getAsBoolean() || store.fault().isPresent()) {
                    return Optional.empty();
                }
                interrupted |= pause();
            }
        } catch (Attempts.ChangedException e) {
            LOG.info("{}", e.getMessage());
            return Optional.empty();
        } catch (Attempts.LeaseLostException e) {
            LOG.warn("{}", e.getMessage());
            return Optional.empty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until the next retry. Returns whether the thread was interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
