package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters: one of the groups must match; in a group, all statements must match. */
final class Filters {

    private static final Map<String, String> OPERATORS = Map.of(
            "0",
            "equals",
            "1",
            "less",
            "2",
            "lessOrEqual",
            "3",
            "greater",
            "4",
            "greaterOrEqual",
            "5",
            "notEquals",
            "6",
            "exists");

    private Filters() {}

    /** A statement; {@code operator} has Sendport's name. */
    record Statement(Node node, String property, String operator, String value) {}

    /** A filter that cannot be expressed. */
    static final class InexpressibleException extends Exception {
        private static final long serialVersionUID = 1L;

        InexpressibleException(String message) {
            super(message);
        }
    }

    /**
     * The groups of the filter of {@code owner}; empty when it has no filter.
     *
     * @throws InexpressibleException when a part of it is not known, because the rest would match more
     */
    static List<List<Statement>> of(Node owner) throws InexpressibleException {
        Optional<Node> holder = owner.child("Filter");
        if (holder.isEmpty()) {
            return List.of();
        }
        Node filter;
        try {
            filter = holder.get().child("Group").isPresent()
                    ? holder.get()
                    : SourceReader.inner(holder.get()).orElse(holder.get());
        } catch (UnreadableException e) {
            throw new InexpressibleException(String.valueOf(e.getMessage()));
        }
        for (Node each : filter.children()) {
            if (!each.is("Group")) {
                throw new InexpressibleException("<" + each.name() + "> in a filter is not known");
            }
        }
        List<List<Statement>> groups = new ArrayList<>();
        for (Node group : filter.children("Group")) {
            List<Statement> statements = new ArrayList<>();
            for (Node each : group.children()) {
                if (!each.is("Statement")) {
                    throw new InexpressibleException("<" + each.name() + "> in a group is not known");
                }
                statements.add(statement(each));
            }
            if (!statements.isEmpty()) {
                groups.add(statements);
            } else if (filter.children("Group").size() > 1) {
                throw new InexpressibleException("one of its groups is empty");
            }
        }
        return groups;
    }

    private static Statement statement(Node node) throws InexpressibleException {
        String property = node.attribute("Property").orElse("");
        String code = node.attribute("Operator").orElse("");
        String operator = OPERATORS.get(code);
        if (operator == null) {
            throw new InexpressibleException("operator " + code + " is not known");
        }
        if (property.isEmpty()) {
            throw new InexpressibleException("a statement does not name a property");
        }
        return new Statement(node, property, operator, node.attribute("Value").orElse(""));
    }
}
