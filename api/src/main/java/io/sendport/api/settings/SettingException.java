package io.sendport.api.settings;

/** An attribute has no value of the type that was asked for. For any number of threads. */
public final class SettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** With what is wrong, where, and what was expected. */
    SettingException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }
}
