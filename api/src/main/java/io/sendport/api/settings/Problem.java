package io.sendport.api.settings;

import io.sendport.support.text.Text;
import java.util.Collection;

/**
 * A problem of a configuration. Control and format characters of quoted values are made visible, see {@link Text#visible}.
 *
 * @param severity whether the configuration is refused because of it
 * @param origin the position in the configuration
 * @param where the thing it concerns, such as {@code sendPort Invoices}; may be empty
 * @param message what is wrong, with the value quoted unless it is secret
 * @param advice what was expected, or what to do; may be empty
 */
public record Problem(Severity severity, Origin origin, String where, String message, String advice) {

    /** Makes control characters of the texts visible. */
    public Problem {
        where = Text.visible(where);
        message = Text.visible(message);
        advice = Text.visible(advice);
    }

    /**
     * Whether {@code earlier} already has a problem with the same attribute. A malformed value needs no second problem about its meaning.
     */
    public boolean repeats(Collection<Problem> earlier) {
        return severity == Severity.ERROR
                && !where.isEmpty()
                && earlier.stream()
                        .anyMatch(each -> each.severity == Severity.ERROR
                                && each.origin.equals(origin)
                                && each.where.equals(where));
    }

    /** How severe a problem is. */
    public enum Severity {
        /** The configuration is refused, or the ports that the problem concerns stay stopped. */
        ERROR,
        /** The configuration is used, but an operator should look at the problem. */
        WARNING
    }

    /** An error. */
    public static Problem error(Origin origin, String where, String message, String advice) {
        return new Problem(Severity.ERROR, origin, where, message, advice);
    }

    /** A warning. */
    public static Problem warning(Origin origin, String where, String message, String advice) {
        return new Problem(Severity.WARNING, origin, where, message, advice);
    }

    /** Whether this is an error. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:column: what is wrong, what was expected}. */
    @Override
    public String toString() {
        return origin
                + ": "
                + (severity == Severity.WARNING ? "warning: " : "")
                + (where.isEmpty() ? "" : where + ": ")
                + message
                + (advice.isEmpty() ? "" : "; " + advice);
    }
}
