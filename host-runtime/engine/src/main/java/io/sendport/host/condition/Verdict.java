package io.sendport.host.condition;

import io.sendport.support.text.Text;
import java.util.Collection;

/** How things stand as a whole: what the worst condition says. */
public enum Verdict {
    /** Everything is delivered, or tried again by itself. */
    DELIVERING,
    /** Something needs attention. */
    DELIVERING_WITH_PROBLEMS,
    /** Work waits somewhere and does not get done, or something is unsafe. */
    NOT_DELIVERING;

    /** What these conditions lead to. */
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

    /** As users read it. */
    public String word() {
        return Text.word(this);
    }
}
