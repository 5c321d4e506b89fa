package io.sendport.host.run.submit;

import io.sendport.api.submit.SubmissionRefusedException;

/** Nobody takes the message; the ledger says so already. */
final class UnroutedException extends SubmissionRefusedException {

    private static final long serialVersionUID = 1L;

    UnroutedException(String message) {
        super(message);
    }
}
