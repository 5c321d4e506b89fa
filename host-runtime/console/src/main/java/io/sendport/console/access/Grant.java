package io.sendport.console.access;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A role and its scope. Immutable; null is allowed nowhere.
 *
 * @param role the role
 * @param scope the ports to which the role applies
 */
public record Grant(Role role, Scope scope) {

    /** A name in which {@code *} matches any text. It contains none of the characters that separate grants. */
    private static final Pattern NAME = Pattern.compile("[^\\s,:]{1,200}");

    private static final String APPLICATION = "application=";

    /** The ports to which a grant applies. */
    public sealed interface Scope {

        /** All ports, and everything that belongs to no port. */
        record All() implements Scope {}

        /** Ports whose name matches; {@code *} matches any text. */
        record Ports(String pattern) implements Scope {}

        /** Ports whose application matches; {@code *} matches any text. */
        record Application(String pattern) implements Scope {}
    }

    /**
     * Parses {@code ROLE}, {@code ROLE:PORTS} or {@code ROLE:application=NAME}, several of them separated by commas.
     *
     * @throws IllegalArgumentException when a grant is invalid; the message says what was expected
     */
    public static List<Grant> parse(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            grants.add(one(each.strip()));
        }
        return List.copyOf(grants);
    }

    /**
     * As {@link #parse}, for grants that somebody is about to give.
     *
     * @throws IllegalArgumentException also when a grant would never allow anything
     */
    public static List<Grant> parseNew(String text) {
        List<Grant> grants = parse(text);
        for (Grant each : grants) {
            if ((each.role == Role.AUDITOR || each.role == Role.ADMIN) && !(each.scope instanceof Scope.All)) {
                throw new IllegalArgumentException("\"" + each + "\" limits the role " + each.role.word()
                        + " to some ports, but what it may do concerns all of them; use " + each.role.word());
            }
        }
        return grants;
    }

    /** As {@link #parse}, but ignores unknown grants, since a proxy may send groups that have no meaning here. */
    static List<Grant> parseKnown(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            try {
                grants.add(one(each.strip()));
            } catch (IllegalArgumentException e) {
                // An unknown group grants nothing.
            }
        }
        return List.copyOf(grants);
    }

    private static Grant one(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        Role role = Role.of(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + word + "\" is not a role; use viewer, reader, submitter, operator, auditor or admin"));
        if (colon < 0) {
            return new Grant(role, new Scope.All());
        }
        String where = text.substring(colon + 1);
        boolean isApplication = where.startsWith(APPLICATION);
        String name = isApplication ? where.substring(APPLICATION.length()) : where;
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" names no ports; use, for example, " + role.word()
                    + ":Finance* or " + role.word() + ":application=Billing");
        }
        return new Grant(role, isApplication ? new Scope.Application(name) : new Scope.Ports(name));
    }

    /** The grant in the syntax of {@link #parse}. */
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
