package io.sendport.host.run;

import io.sendport.host.box.Attempts;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the message box as long as that takes: a result that the relay knows must not get lost with a moment's fault of the disk. */
public final class UntilWritten {

    private static final Logger LOG = LoggerFactory.getLogger(UntilWritten.class);
    private static final long PATIENCE_MILLIS = 500;

    private final Store store;
    private final BooleanSupplier closing;

    /** Gives up when {@code closing}, or when the store is broken for good. */
    public UntilWritten(Store store, BooleanSupplier closing) {
        this.store = store;
        this.closing = closing;
    }

    /**
     * What happened must reach the disk: it is written again and again until it does, or the process ends and the attempt is in
     * doubt. Whether it did: not when that, or when another instance has taken the message over.
     */
    public boolean run(Runnable write) {
        return get(() -> {
                    write.run();
                    return true;
                })
                .isPresent();
    }

    /** As {@link #run}; what came of the write, empty when it was not written. */
    public <T> Optional<T> get(Supplier<T> write) {
        boolean told = false;
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return Optional.of(write.get());
                } catch (StoreException e) {
                    if (!told) {
                        LOG.error("a result can't be written and is kept in memory until it can: {}", e.getMessage());
                    }
                    told = true;
                }
                if (closing.getAsBoolean() || store.fault().isPresent()) {
                    return Optional.empty();
                }
                interrupted |= pause();
            }
        } catch (Attempts.LeaseLostException e) {
            LOG.warn("{}", e.getMessage());
            return Optional.empty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits a little; whether that was interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
