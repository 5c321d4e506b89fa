package io.sendport.host.run;

import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Failures;
import java.nio.channels.ClosedByInterruptException;

/** Classifies the causes of pipeline failures. */
final class FailureCauses {

    private FailureCauses() {}

    /** Whether the store or the spool caused the failure, and not the message. */
    static boolean isStoresFault(Throwable failure) {
        return Failures.find(failure, StoreException.class).isPresent();
    }

    /** Whether an interrupt of the thread caused the failure. */
    static boolean isInterruption(Throwable failure) {
        return Failures.find(failure, InterruptedException.class).isPresent()
                || Failures.find(failure, ClosedByInterruptException.class).isPresent();
    }
}
