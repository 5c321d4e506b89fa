package io.sendport.host.run;

import io.sendport.host.store.commit.StoreException;
import java.nio.channels.ClosedByInterruptException;

/** What lies behind a failure of a pipeline. */
final class FailureCauses {

    private FailureCauses() {}

    /** Whether the store or the spool failed, and not the message. */
    static boolean isStoresFault(Throwable failure) {
        return comesOf(failure, StoreException.class);
    }

    /** Whether the thread was interrupted. */
    static boolean isInterruption(Throwable failure) {
        return comesOf(failure, InterruptedException.class) || comesOf(failure, ClosedByInterruptException.class);
    }

    private static boolean comesOf(Throwable failure, Class<? extends Throwable> cause) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (cause.isInstance(each)) {
                return true;
            }
        }
        return false;
    }
}
