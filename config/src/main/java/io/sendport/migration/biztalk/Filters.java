package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters: groups of which one has to match, each of statements that all have to. */
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

    /** A statement; {@code operator} as it is called here. */
    record Statement(Node node, String property, String operator, String value) {}

    /** A filter that cannot be said. */
    static final class UnsayableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnsayableException(String message) {
            super(message);
        }
    }

    /**
     * The groups of the filter that {@code owner} has; empty when it has none.
     *
     * @throws UnsayableException when a part of it is not known: what is left would match more
     */
    static List<List<Statement>> of(Node owner) throws UnsayableException {
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
            throw new UnsayableException(String.valueOf(e.getMessage()));
        }
        for (Node each : filter.children()) {
            if (!each.is("Group")) {
                throw new UnsayableException("<" + each.name() + "> in a filter is not known");
            }
        }
        List<List<Statement>> groups = new ArrayList<>();
        for (Node group : filter.children("Group")) {
            List<Statement> statements = new ArrayList<>();
            for (Node each : group.children()) {
                if (!each.is("Statement")) {
                    throw new UnsayableException("<" + each.name() + "> in a group is not known");
                }
                statements.add(statement(each));
            }
            if (!statements.isEmpty()) {
                groups.add(statements);
            } else if (filter.children("Group").size() > 1) {
                throw new UnsayableException("one of its groups is empty");
            }
        }
        return groups;
    }

    private static Statement statement(Node node) throws UnsayableException {
        String property = node.attribute("Property").orElse("");
        String code = node.attribute("Operator").orElse("");
        String operator = OPERATORS.get(code);
        if (operator == null) {
            throw new UnsayableException("operator " + code + " is not known");
        }
        if (property.isEmpty()) {
            throw new UnsayableException("a statement names no property");
        }
        return new Statement(node, property, operator, node.attribute("Value").orElse(""));
    }
}
