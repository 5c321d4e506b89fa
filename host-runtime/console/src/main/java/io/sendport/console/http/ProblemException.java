package io.sendport.console.http;

import java.util.List;
import java.util.Map;

/** A request that is not served; {@link #problem} says why. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** With what the caller is told. */
    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** With a detail alone. */
    public ProblemException(Problem.Type type, String detail) {
        this(new Problem(type, detail, List.of(), Map.of()));
    }

    /** With a detail, and a header field of the answer. */
    public ProblemException(Problem.Type type, String detail, String header, String value) {
        this(new Problem(type, detail, List.of(), Map.of(header, value)));
    }

    /** A request that makes no sense, whatever the state of things. */
    public static ProblemException invalid(String detail) {
        return new ProblemException(Problem.Type.VALIDATION, detail);
    }

    /** That an address has to wait, since too many of its requests were refused. */
    public static ProblemException tooManyRefused(long secondsLeft) {
        return new ProblemException(
                Problem.Type.OVER_LIMIT,
                "too many requests from this address were refused; try again in " + secondsLeft + " s",
                "Retry-After",
                Long.toString(secondsLeft));
    }

    /** Why. */
    public Problem problem() {
        return problem;
    }
}
