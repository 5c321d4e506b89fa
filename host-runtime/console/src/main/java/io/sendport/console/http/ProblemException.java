package io.sendport.console.http;

import java.util.List;
import java.util.Map;

/** A request failed; {@link #problem} has the reason. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** With the problem for the caller. */
    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** With a type and a detail. */
    public ProblemException(Problem.Type type, String detail) {
        this(new Problem(type, detail, List.of(), Map.of()));
    }

    /** With a type, a detail and a header field of the response. */
    public ProblemException(Problem.Type type, String detail, String header, String value) {
        this(new Problem(type, detail, List.of(), Map.of(header, value)));
    }

    /** An invalid request, whatever the current state. */
    public static ProblemException invalid(String detail) {
        return new ProblemException(Problem.Type.VALIDATION, detail);
    }

    /** An address must wait, since too many of its requests were refused. */
    public static ProblemException tooManyRefused(long secondsLeft) {
        return new ProblemException(
                Problem.Type.OVER_LIMIT,
                "too many requests from this address were refused; try again in " + secondsLeft + " s",
                "Retry-After",
                Long.toString(secondsLeft));
    }

    /** The reason. */
    public Problem problem() {
        return problem;
    }
}
