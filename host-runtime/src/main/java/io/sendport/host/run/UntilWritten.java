package io.sendport.host.run;

import io.sendport.host.box.Attempts;
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the message box as long as that takes: a result that the relay knows must not get lost with a moment's fault of the disk. */
final class UntilWritten {

    private static final Logger LOG = LoggerFactory.getLogger(UntilWritten.class);
    private static final long PATIENCE_MILLIS = 500;

    private final Store store;
    private final BooleanSupplier closing;

    /** Gives up when {@code closing}, or when the store is broken for good. */
    UntilWritten(Store store, BooleanSupplier closing) {
        this.store = store;
        this.closing = closing;
    }

    /**
     * What happened must reach the disk: it is written again and again until it does, or the process ends and the attempt is in
     * doubt. Whether it did: not when that, or when another instance has taken the message over.
     */
    boolean run(Runnable write) {
        boolean told = false;
        boolean interrupted = Thread.interrupted();
        try {
            while (!persisted(write, told)) {
                told = true;
                if (closing.getAsBoolean() || store.fault().isPresent()) {
                    return false;
                }
                interrupted |= pause();
            }
            return true;
        } catch (Attempts.LeaseLostException e) {
            LOG.warn("{}", e.getMessage());
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tries once; whether it reached the disk. */
    private static boolean persisted(Runnable write, boolean told) {
        try {
            write.run();
            return true;
        } catch (StoreException e) {
            if (!told) {
                LOG.error("a result can't be written and is kept in memory until it can: {}", e.getMessage());
            }
            return false;
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
