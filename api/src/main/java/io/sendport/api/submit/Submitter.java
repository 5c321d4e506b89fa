package io.sendport.api.submit;

import java.util.List;

/** Puts messages into the message box. Thread-safe; concurrent submissions share a commit. */
public interface Submitter {

    /**
     * Stores the submission. After this returns, the message survives any crash. Only an operator's recorded act can remove it unsent.
     *
     * @throws SubmissionRefusedException when it can never be accepted as it is: unknown port, too large, a property of the wrong type
     * @throws NotNowException when the store is unreachable or full; try again later, with the same dedupe key
     */
    Receipt submit(Submission submission);

    /**
     * As {@link #submit}, but also accepts a group, or no port for all subscribers. Each port gets its own message, all in one commit.
     *
     * @return at least one receipt
     * @throws SubmissionRefusedException when no port subscribes, and as in {@link #submit}
     */
    default List<Receipt> publish(Submission submission) {
        return List.of(submit(submission));
    }
}
