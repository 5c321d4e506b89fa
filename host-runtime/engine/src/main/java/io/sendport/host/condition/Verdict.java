package io.sendport.host.condition;

import io.sendport.support.text.Text;
import java.util.Collection;

/** The overall state: the worst condition decides. */
public enum Verdict {
    /** Everything is delivered or retried automatically. */
    DELIVERING,
    /** Something needs attention. */
    DELIVERING_WITH_PROBLEMS,
    /** Work waits and is not done, or something is unsafe. */
    NOT_DELIVERING;

    /** Returns the verdict for these conditions. */
    public static Verdict of(Collection<Condition> conditions) {
        return conditions.stream()
                .map(Condition::severity)
                .max(Severity::compareTo)
                .map(Verdict::of)
                .orElse(DELIVERING);
    }

    private static Verdict of(Severity worst) {
        return switch (worst) {
            case INFO -> DELIVERING;
            case ATTENTION -> DELIVERING_WITH_PROBLEMS;
            case FAILING -> NOT_DELIVERING;
        };
    }

    /** Returns the name for users. */
    public String word() {
        return Text.word(this);
    }
}
