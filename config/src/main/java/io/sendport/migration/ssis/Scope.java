package io.sendport.migration.ssis;

import io.sendport.migration.source.Node;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The variables that a task sees: its own, and those of all enclosing containers. */
final class Scope {

    /** A variable; {@code path} is the path of a configured value that overrides its value. */
    record Variable(String namespace, String name, String value, Optional<String> expression, String path) {}

    private final Map<String, Variable> variables;

    private Scope(Map<String, Variable> variables) {
        this.variables = variables;
    }

    static Scope empty() {
        return new Scope(Map.of());
    }

    /** This scope with the variables of {@code container}, which is at {@code path} of its package. */
    Scope in(Node container, String path) {
        Map<String, Variable> more = new LinkedHashMap<>(variables);
        for (Node each : Dts.each(container, "Variables", "Variable")) {
            String namespace = Dts.property(each, "Namespace").orElse("User");
            String name = Dts.name(each);
            String value = each.child("VariableValue").map(Node::text).orElse("");
            Optional<String> expression =
                    Dts.flag(each, "EvaluateAsExpression") ? Dts.property(each, "Expression") : Optional.empty();
            more.put(
                    key(namespace, name),
                    new Variable(
                            namespace,
                            name,
                            value,
                            expression,
                            "\\" + path + ".Variables[" + namespace + "::" + name + "].Properties[Value]"));
        }
        return new Scope(more);
    }

    Optional<Variable> find(String namespace, String name) {
        return Optional.ofNullable(variables.get(key(namespace, name)));
    }

    /** Whether another namespace has a variable with that name. */
    boolean isAmbiguous(String name) {
        return variables.values().stream()
                        .filter(each -> each.name().equalsIgnoreCase(name))
                        .count()
                > 1;
    }

    private static String key(String namespace, String name) {
        return (namespace + "::" + name).toLowerCase(Locale.ROOT);
    }
}
