package io.sendport.camel;

/** What a route does with an exchange whose submission can never be taken. */
public enum OnRefused {
    /** It fails with {@link io.sendport.api.submit.SubmissionRefusedException}, and the route's error handler has it. */
    FAIL,
    /** It ends here without a failure; the header {@code SendportRefusal} says why. */
    STOP
}
