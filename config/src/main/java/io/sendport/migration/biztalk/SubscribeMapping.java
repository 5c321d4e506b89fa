package io.sendport.migration.biztalk;

import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.write.Element;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Maps the filter of a port or group. */
final class SubscribeMapping {

    /** Properties that Sendport itself sets. */
    private static final Set<String> SET_HERE = Set.of("BTS.MessageType", "BTS.MessageID", "BTS.CorrelationToken");

    private final ImportContext context;
    private final ImportContext.Port port;

    SubscribeMapping(ImportContext context, ImportContext.Port port) {
        this.context = context;
        this.port = port;
    }

    /** The filter of a port or group; empty when Sendport cannot express a part of it. */
    Optional<Element> subscribe(Node owner) {
        List<List<Filters.Statement>> groups;
        try {
            groups = Filters.of(owner);
        } catch (Filters.InexpressibleException e) {
            port.report(
                    Rule.BT_FILTER_REFUSED,
                    owner.child("Filter").orElse(owner),
                    "Filter",
                    "",
                    "",
                    String.valueOf(e.getMessage()),
                    "write <subscribe> by hand: without it, the port receives only messages submitted to it by name");
            return Optional.empty();
        }
        if (groups.isEmpty()) {
            return Optional.empty();
        }
        Element subscribe = new Element("subscribe");
        int number = 0;
        for (List<Filters.Statement> group : groups) {
            Element all = subscribe.add("all");
            for (Filters.Statement each : group) {
                number++;
                statement(owner, all, each, number);
            }
        }
        return Optional.of(subscribe);
    }

    private void statement(Node owner, Element all, Filters.Statement each, int number) {
        Node at = owner.child("Filter").orElse(owner);
        String property = property(each, at);
        Element match = all.add("match").set("property", property);
        if (each.operator().equals("exists")) {
            match.set("exists", "true");
            port.exact(at, "Filter/" + each.property(), "exists", "exists");
            return;
        }
        String text = each.value();
        if (text.contains("{{") || text.contains("${")) {
            match.set(
                    each.operator(),
                    port.property(
                            text.contains("{{") ? Rule.BT_PLACEHOLDER : Rule.BT_TEMPLATE,
                            port.place(at, "Filter/" + each.property()),
                            "filter" + number,
                            text,
                            "its value is the text " + text));
        } else {
            match.set(each.operator(), text);
            port.exact(at, "Filter/" + each.property(), text, each.operator());
        }
        if (each.operator().equals("notEquals")) {
            port.report(
                    Rule.BT_FILTER_ABSENT,
                    at,
                    "Filter/" + each.property(),
                    text,
                    "notEquals",
                    "in Sendport an absent property matches nothing",
                    "");
        }
    }

    private String property(Filters.Statement each, Node at) {
        String given = each.property();
        boolean known = given.matches("(?:BTS|SMTP|MIME|ErrorReport)\\.[\\p{L}\\p{Nd}_.\\-]+");
        if (!known) {
            String name = context.promotions.computeIfAbsent(given, key -> promotion(given));
            port.todo(
                    Todo.Kind.DECISION,
                    "<promote property=\"" + name + "\">",
                    "the XPath of " + given + " in a message; a submitter can set the property instead");
            port.report(
                    Rule.BT_FILTER_PROPERTY,
                    at,
                    "Filter/" + given,
                    each.value(),
                    name,
                    "its XPath is in the property schema",
                    "write <promote>");
            return name;
        }
        if (!SET_HERE.contains(given) && given.startsWith("BTS.") && !given.startsWith("BTS.Ack")) {
            String set = each.operator().equals("equals")
                    ? "--set \"" + given + "=" + each.value() + "\""
                    : "--set " + given;
            port.todo(
                    Todo.Kind.DECISION,
                    set,
                    "nothing in this configuration sets " + given
                            + ", so the submitter must set it, or a feed with a header");
            port.report(
                    Rule.BT_FILTER_SETTER,
                    at,
                    "Filter/" + given,
                    each.value(),
                    given,
                    "the submitter must set it",
                    set);
        }
        return given;
    }

    private String promotion(String given) {
        String last = given.substring(Math.max(given.lastIndexOf('.'), given.lastIndexOf('#')) + 1)
                .replaceAll("[^\\p{L}\\p{Nd}_]", "_");
        String name = last.isEmpty() ? "Property" : last;
        Set<String> taken = new LinkedHashSet<>(context.promotions.values());
        String found = name;
        for (int i = 2; taken.contains(found); i++) {
            found = name + i;
        }
        return found;
    }
}
