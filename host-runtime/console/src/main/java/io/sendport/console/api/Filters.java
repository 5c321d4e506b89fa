package io.sendport.console.api;

import io.sendport.config.Routing;
import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.PropertyText;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Ports;
import io.sendport.host.operate.Times;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads filters from query parameters, which have the same names as the options of the command line. */
final class Filters {

    /** The parameters of a filter. A list has additional parameters. */
    static final Set<String> OF_MESSAGES =
            Set.of("port", "application", "state", "recipient", "property", "error", "relay", "since", "until", "held");

    private static final Set<String> NAMES_PEOPLE = Set.of("recipient", "property", "error");

    private Filters() {}

    /**
     * The filter for messages, limited to ports at which the caller has {@code role}.
     *
     * @throws ProblemException when a parameter is invalid, or needs a role that the caller does not have
     */
    static MessageFilter messages(Call call, Operations operations, Role role) {
        Set<MessageState> states = new LinkedHashSet<>();
        call.queries("state").stream()
                .flatMap(each -> Arrays.stream(each.split(",")))
                .forEach(each -> states.add(state(each)));
        MessageFilter filter = new MessageFilter(
                Set.copyOf(call.queries("port")),
                call.query("application"),
                states,
                call.query("recipient"),
                properties(call.queries("property")),
                call.query("error"),
                call.query("relay"),
                time(call, operations, "since"),
                time(call, operations, "until"),
                call.flag("held"));
        Role needed = requiredRole(call, role);
        return filter.of(
                limitTo(filter.ports(), call.caller().reach(needed, operations.routing()), operations.routing()));
    }

    /**
     * The role that the search needs. Callers who see only pseudonyms could guess names by searching for them. Such a search therefore
     * needs the role reader, covers only the reader's ports, and is recorded.
     */
    private static Role requiredRole(Call call, Role role) {
        if (!namesPeople(call)) {
            return role;
        }
        if (!call.caller().has(Role.READER)) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "a search by recipient, property or error needs the role reader, since its result reveals personal data");
        }
        if (call.query("masked").isPresent()) {
            throw ProblemException.invalid(
                    "a search by recipient, property or error reveals personal data and cannot be masked; remove masked");
        }
        return Role.READER;
    }

    /** Whether the filter of a request contains personal data. */
    static boolean namesPeople(Call call) {
        return NAMES_PEOPLE.stream().anyMatch(name -> !call.queries(name).isEmpty());
    }

    /**
     * What is searched for, for the record of the access: {@code what} and the terms of the filter. An erasure would not find personal
     * data there, so of those terms it has the names only.
     */
    static String described(String what, Call call) {
        String terms = new TreeSet<>(OF_MESSAGES)
                .stream()
                        .filter(name -> !call.queries(name).isEmpty())
                        .map(name -> NAMES_PEOPLE.contains(name)
                                ? "a " + name
                                : name + " " + String.join(" or ", call.queries(name)))
                        .collect(Collectors.joining(", "));
        return terms.isEmpty() ? what : what + " with " + terms;
    }

    /** The requested ports that {@code reach} covers. Without requested ports, all ports that it covers. */
    static Set<String> limitTo(Set<String> asked, PortScope reach, Routing routing) {
        if (reach.isEverywhere()) {
            return asked;
        }
        Set<String> covered = new LinkedHashSet<>();
        for (String each : asked.isEmpty() ? Set.of("*") : asked) {
            // Expand a group to the members that are covered. The result contains only names of ports.
            Ports.fitting(routing, each).stream().filter(reach::covers).forEach(covered::add);
            boolean isRemovedPort = !each.contains("*") && !routing.groups().containsKey(each);
            if (isRemovedPort && reach.covers(each)) {
                covered.add(each);
            }
        }
        covered.removeAll(routing.groups().keySet());
        if (covered.isEmpty()) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    "your roles cover the ports " + reach.patterns() + ", and none of them matches the request");
        }
        return covered;
    }

    static MessageState state(String word) {
        try {
            return MessageState.of(word);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> properties(List<String> given) {
        Map<String, String> properties = new LinkedHashMap<>();
        given.forEach(each -> PropertyText.put(properties, each));
        return properties;
    }

    /** The time in a parameter, in UTC whatever the time zone of the machine is. */
    static Optional<Instant> time(Call call, Operations operations, String name) {
        return call.query(name).map(text -> Times.parse(text, operations.clock().instant(), ZoneOffset.UTC));
    }

    /** The filter for records of the ledger. */
    static AuditFilter records(Call call, Operations operations) {
        Map<String, String> equal = new HashMap<>();
        call.query("port").ifPresent(port -> equal.put("port", port));
        call.query("message")
                .ifPresent(id -> equal.put("message", operations.audit().message(id)));
        call.query("messageId").ifPresent(id -> equal.put("mime_message_id", id));
        call.query("queueId").ifPresent(id -> equal.put("queue_id", id));
        Map<String, String> containing = new HashMap<>();
        for (String name : List.of("sender", "subject", "actor", "relay")) {
            call.query(name).ifPresent(text -> containing.put(name, text));
        }
        call.query("error").ifPresent(text -> containing.put("*", text));
        return new AuditFilter(
                equal,
                call.queries("kind").stream().map(Filters::kind).toList(),
                call.query("recipient").map(operations.audit()::names).orElse(List.of()),
                properties(call.queries("property")),
                call.query("application"),
                time(call, operations, "since"),
                time(call, operations, "until"),
                containing);
    }

    private static Kind kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid("\"" + name + "\" is not a kind of record"));
    }

    /** Refuses unknown parameters, since a misspelled filter would select everything. */
    static void requireKnown(Call call, Set<String> filter, String... more) {
        Set<String> unknown = new TreeSet<>(call.queryNames());
        unknown.removeAll(filter);
        unknown.removeAll(List.of(more));
        if (!unknown.isEmpty()) {
            throw ProblemException.invalid("unknown parameters " + unknown + "; docs/api.md lists the known ones");
        }
    }

    /** The number of items on a page. */
    static int limit(Call call) {
        String text = call.query("limit").orElse("50");
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 500) {
            throw ProblemException.invalid("limit is \"" + text + "\"; use a number from 1 to 500");
        }
        return Integer.parseInt(text);
    }

    /** The refusal of a parameter {@code after} that no page gave. */
    static ProblemException notAPosition(String after) {
        return ProblemException.invalid(
                "after is \"" + after + "\", which is not a position; use the value of next from the previous page");
    }
}
