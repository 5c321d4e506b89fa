package io.sendport.host.run;

import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Failures;
import java.nio.channels.ClosedByInterruptException;

/** What lies behind a failure of a pipeline. */
final class FailureCauses {

    private FailureCauses() {}

    /** Whether the store or the spool failed, and not the message. */
    static boolean isStoresFault(Throwable failure) {
        return Failures.find(failure, StoreException.class).isPresent();
    }

    /** Whether the thread was interrupted. */
    static boolean isInterruption(Throwable failure) {
        return Failures.find(failure, InterruptedException.class).isPresent()
                || Failures.find(failure, ClosedByInterruptException.class).isPresent();
    }
}
