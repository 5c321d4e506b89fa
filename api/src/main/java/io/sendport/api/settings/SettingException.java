package io.sendport.api.settings;

/** An attribute does not have a value of the requested type. Thread-safe. */
public final class SettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** Takes the problem: what is wrong, where, and what was expected. */
    SettingException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }
}
