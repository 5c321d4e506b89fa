package io.sendport.migration.ssis;

import io.sendport.migration.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the formats of packages: nested properties in old ones, attributes in new ones. */
final class Dts {

    private Dts() {}

    /** A property of {@code node} in either format; an empty one counts as absent. */
    static Optional<String> property(Node node, String name) {
        return node.attribute(name).or(() -> node.children("Property").stream()
                .filter(each -> each.attribute("Name").orElse("").equalsIgnoreCase(name))
                .map(Node::text)
                .filter(value -> !value.isEmpty())
                .findFirst());
    }

    static String name(Node node) {
        return property(node, "ObjectName").orElse("unnamed");
    }

    static boolean flag(Node node, String name) {
        String value = property(node, name).orElse("").strip().toLowerCase(Locale.ROOT);
        return value.equals("true") || value.equals("-1") || value.equals("1");
    }

    /** The elements with this name in {@code node}, as direct children or in a collection. */
    static List<Node> each(Node node, String collection, String name) {
        List<Node> all = new ArrayList<>(node.children(name));
        node.children(collection).forEach(holder -> all.addAll(holder.children(name)));
        return all;
    }

    /** The expression for a property of {@code node}. */
    static Optional<String> expression(Node node, String name) {
        return node.children("PropertyExpression").stream()
                .filter(each -> each.attribute("Name").orElse("").equalsIgnoreCase(name))
                .map(Node::text)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
