package io.sendport.host.run.submit;

import io.sendport.api.submit.SubmissionRefusedException;

/** A submission is refused because no port takes it. The ledger already has a record of kind UNROUTED for it. */
final class UnroutedException extends SubmissionRefusedException {

    private static final long serialVersionUID = 1L;

    UnroutedException(String message) {
        super(message);
    }
}
