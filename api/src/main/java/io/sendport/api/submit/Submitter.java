package io.sendport.api.submit;

import java.util.List;

/** Puts messages into the message box. Safe for use by several threads; many at once share a commit. */
public interface Submitter {

    /**
     * Stores the submission. When this returns, the message survives any crash, and only an operator's recorded act makes it go
     * away unsent.
     *
     * @throws SubmissionRefusedException when it can't ever be taken as it is: unknown port, too large, a property of the wrong type
     * @throws NotNowException when the store is out of reach or full; nothing was stored, try again
     */
    Receipt submit(Submission submission);

    /**
     * As {@link #submit}, but for a group or for whoever subscribes as well: a message of its own for each port, all in one commit.
     *
     * @return one at least
     * @throws SubmissionRefusedException when nobody subscribes, and as above
     */
    default List<Receipt> publish(Submission submission) {
        return List.of(submit(submission));
    }
}
