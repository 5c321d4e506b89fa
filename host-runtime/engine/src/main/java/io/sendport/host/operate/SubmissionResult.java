package io.sendport.host.operate;

import io.sendport.api.submit.Receipt;
import java.util.List;

/** The result of one of several submissions. */
public sealed interface SubmissionResult {

    /** Its index among them, from 0. */
    int place();

    /**
     * It is on disk.
     *
     * @param place see {@link SubmissionResult#place}
     * @param receipts one for each port that has it
     */
    record Stored(int place, List<Receipt> receipts) implements SubmissionResult {

        /** Copies the list. */
        public Stored {
            receipts = List.copyOf(receipts);
        }
    }

    /**
     * Nothing of it was stored, unless the reason says that this is unknown.
     *
     * @param place see {@link SubmissionResult#place}
     * @param reason as {@link Submissions#publish} throws it
     */
    record NotStored(int place, RuntimeException reason) implements SubmissionResult {}
}
