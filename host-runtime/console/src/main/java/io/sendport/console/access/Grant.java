package io.sendport.console.access;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A role, and where it holds. Immutable; null is allowed nowhere.
 *
 * @param role what may be done
 * @param scope at which ports
 */
public record Grant(Role role, Scope scope) {

    /** A name with {@code *} for any text; none of the letters that part grants. */
    private static final Pattern NAME = Pattern.compile("[^\\s,:]{1,200}");

    private static final String APPLICATION = "application=";

    /** At which ports a grant holds. */
    public sealed interface Scope {

        /** Everywhere, and for what belongs to no port. */
        record All() implements Scope {}

        /** At ports whose name fits; {@code *} stands for any text. */
        record Ports(String pattern) implements Scope {}

        /** At ports whose application fits; {@code *} stands for any text. */
        record Application(String pattern) implements Scope {}
    }

    /**
     * Reads {@code ROLE}, {@code ROLE:PORTS} or {@code ROLE:application=NAME}, several of them divided by commas.
     *
     * @throws IllegalArgumentException when one is none of these; the message says what was expected
     */
    public static List<Grant> parse(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            grants.add(one(each.strip()));
        }
        return List.copyOf(grants);
    }

    /** As {@link #parse}, without what is none: a proxy may name groups that mean nothing here. */
    static List<Grant> parseKnown(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            try {
                grants.add(one(each.strip()));
            } catch (IllegalArgumentException e) {
                // It grants nothing.
            }
        }
        return List.copyOf(grants);
    }

    private static Grant one(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        Role role = Role.of(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + word + "\" is no role, expected viewer, reader, submitter, operator, auditor or admin"));
        if (colon < 0) {
            return new Grant(role, new Scope.All());
        }
        String where = text.substring(colon + 1);
        boolean isApplication = where.startsWith(APPLICATION);
        String name = isApplication ? where.substring(APPLICATION.length()) : where;
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" names no ports, expected the like of " + role.word()
                    + ":Finance* or " + role.word() + ":application=Billing");
        }
        return new Grant(role, isApplication ? new Scope.Application(name) : new Scope.Ports(name));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        if (scope instanceof Scope.Ports ports) {
            return role.word() + ":" + ports.pattern();
        }
        return scope instanceof Scope.Application application
                ? role.word() + ":" + APPLICATION + application.pattern()
                : role.word();
    }
}
