package io.sendport.api.submit;

/** The submission is not valid. Nothing was stored, and the same submission would be refused again. */
public class SubmissionRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message says what is wrong and what was expected. */
    public SubmissionRefusedException(String message) {
        super(message);
    }

    /** Creates an exception whose message says what is wrong and what was expected, with its cause. */
    public SubmissionRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
