package io.sendport.host.operate;

import io.sendport.api.submit.Receipt;
import java.util.List;

/** What came of one of several submissions. */
public sealed interface SubmissionAnswer {

    /** Its place among them, from 0. */
    int place();

    /**
     * It is on disk.
     *
     * @param place see {@link SubmissionAnswer#place}
     * @param receipts one for each port that has it
     */
    record Taken(int place, List<Receipt> receipts) implements SubmissionAnswer {

        /** Copies the list. */
        public Taken {
            receipts = List.copyOf(receipts);
        }
    }

    /**
     * Nothing of it was stored, unless the reason says that nobody knows.
     *
     * @param place see {@link SubmissionAnswer#place}
     * @param reason as {@link Submissions#publish} throws it
     */
    record NotTaken(int place, RuntimeException reason) implements SubmissionAnswer {}
}
