package io.sendport.host.run.submit;

import io.sendport.api.submit.SubmissionRefusedException;

/** No port takes the message, which is already recorded on the ledger as UNROUTED. */
final class UnroutedException extends SubmissionRefusedException {

    private static final long serialVersionUID = 1L;

    UnroutedException(String message) {
        super(message);
    }
}
