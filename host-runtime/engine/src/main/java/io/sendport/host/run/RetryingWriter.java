package io.sendport.host.run;

import io.sendport.host.box.Attempts;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the message box until it succeeds: a result that the relay knows must survive a temporary disk fault. */
public final class RetryingWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RetryingWriter.class);
    private static final long PATIENCE_MILLIS = 500;

    private final Store store;
    private final BooleanSupplier closing;

    /** Stops trying when {@code closing}, or when the store is broken permanently. */
    public RetryingWriter(Store store, BooleanSupplier closing) {
        this.store = store;
        this.closing = closing;
    }

    /**
     * Retries the write until it succeeds or the process ends, because the event must reach the disk. If the process ends first,
     * the attempt is in doubt.
     *
     * @return false when the process ended first, or when another instance has taken the message over
     */
    public boolean run(Runnable write) {
        return get(() -> {
                    write.run();
                    return true;
                })
                .isPresent();
    }

    /** As {@link #run}, with the result of the write; empty when it was not written. */
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

    /** Waits briefly; returns whether it was interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
