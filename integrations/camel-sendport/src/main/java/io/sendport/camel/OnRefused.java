package io.sendport.camel;

/** What happens to an exchange whose submission is refused. */
public enum OnRefused {
    /** The exchange fails with {@link io.sendport.api.submit.SubmissionRefusedException}, for the route's error handler. */
    FAIL,
    /** The route ends for this exchange without a failure. The header {@code SendportRefusal} has the reason. */
    STOP
}
