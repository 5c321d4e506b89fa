package io.sendport.migration.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An element with its position. Names have no prefix and are matched without regard to case. Not thread-safe. */
public final class Node {

    private final String name;
    private final int line;
    private final int column;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Node> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    Node(String name, int line, int column) {
        this.name = name;
        this.line = line;
        this.column = column;
    }

    public String name() {
        return name;
    }

    /** The line of its start tag, from 1. */
    public int line() {
        return line;
    }

    /** The column of its start tag, from 1. */
    public int column() {
        return column;
    }

    void add(Node child) {
        children.add(child);
    }

    void add(String attribute, String value) {
        attributes.putIfAbsent(attribute, value);
    }

    void add(char[] characters, int start, int length) {
        text.append(characters, start, length);
    }

    /** Its attributes by name, as written. */
    public Map<String, String> attributes() {
        return Map.copyOf(attributes);
    }

    /** The value of an attribute; an empty one counts as absent. */
    public Optional<String> attribute(String wanted) {
        return attributes.entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase(wanted))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** All child elements. */
    public List<Node> children() {
        return List.copyOf(children);
    }

    /** The child elements with this name. */
    public List<Node> children(String wanted) {
        return children.stream().filter(child -> child.is(wanted)).toList();
    }

    /** The elements with this name in the child element {@code collection}; none without such a collection. */
    public List<Node> children(String collection, String wanted) {
        return child(collection).map(all -> all.children(wanted)).orElse(List.of());
    }

    /** The first child element with this name. */
    public Optional<Node> child(String wanted) {
        return children.stream().filter(child -> child.is(wanted)).findFirst();
    }

    /** The element at the end of a path of names; the first match at each step. */
    public Optional<Node> at(String... path) {
        Optional<Node> found = Optional.of(this);
        for (String step : path) {
            found = found.flatMap(each -> each.child(step));
        }
        return found;
    }

    /** The text of a child element; absent, empty and nil are treated alike. */
    public Optional<String> text(String wanted) {
        return child(wanted).filter(each -> !each.isNil()).map(Node::text).filter(value -> !value.isEmpty());
    }

    public boolean is(String wanted) {
        return name.equalsIgnoreCase(wanted);
    }

    /** Its own text as written. */
    public String text() {
        return text.toString();
    }

    /** Whether {@code xsi:nil} marks it as empty. */
    public boolean isNil() {
        return attribute("nil")
                .filter(value -> value.toLowerCase(Locale.ROOT).equals("true") || value.equals("1"))
                .isPresent();
    }

    /** This element and all elements in it at any depth, in the order of the file. */
    public List<Node> all() {
        List<Node> found = new ArrayList<>(List.of(this));
        for (int i = 0; i < children.size(); i++) {
            found.addAll(children.get(i).all());
        }
        return found;
    }
}
