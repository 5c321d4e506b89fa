package io.sendport.host.operate;

import io.sendport.api.submit.Receipt;
import java.util.List;

/** The result of one of several submissions. */
public sealed interface SubmissionResult {

    /** The index of the submission, from 0. */
    int place();

    /**
     * The messages of the submission are on disk.
     *
     * @param place see {@link SubmissionResult#place}
     * @param receipts one receipt for each port
     */
    record Stored(int place, List<Receipt> receipts) implements SubmissionResult {

        /** Copies the list. */
        public Stored {
            receipts = List.copyOf(receipts);
        }
    }

    /**
     * No message of the submission was stored, unless the reason says that this is unknown.
     *
     * @param place see {@link SubmissionResult#place}
     * @param reason the exception that {@link Submissions#publish} throws
     */
    record NotStored(int place, RuntimeException reason) implements SubmissionResult {}
}
