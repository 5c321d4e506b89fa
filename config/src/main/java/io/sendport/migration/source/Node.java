package io.sendport.migration.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An element with its place. Names are without their prefix, and are found whatever their capitals are. Not thread-safe. */
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

    /** Where its start tag begins, from 1. */
    public int line() {
        return line;
    }

    /** Where its start tag begins, from 1. */
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

    /** An attribute; one that is empty counts as absent. */
    public Optional<String> attribute(String wanted) {
        return attributes.entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase(wanted))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** All elements in it. */
    public List<Node> children() {
        return List.copyOf(children);
    }

    /** The elements of a name in it. */
    public List<Node> children(String wanted) {
        return children.stream().filter(child -> child.is(wanted)).toList();
    }

    /** The elements of a name in its collection of them; none where there is no collection. */
    public List<Node> children(String collection, String wanted) {
        return child(collection).map(all -> all.children(wanted)).orElse(List.of());
    }

    /** The first element of a name in it. */
    public Optional<Node> child(String wanted) {
        return children.stream().filter(child -> child.is(wanted)).findFirst();
    }

    /** The element that a path of names leads to, the first at each step. */
    public Optional<Node> at(String... path) {
        Optional<Node> found = Optional.of(this);
        for (String step : path) {
            found = found.flatMap(each -> each.child(step));
        }
        return found;
    }

    /** The text of an element in it; absent, empty and nil are alike. */
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

    /** Whether it says by {@code xsi:nil} that it holds nothing. */
    public boolean isNil() {
        return attribute("nil")
                .filter(value -> value.toLowerCase(Locale.ROOT).equals("true") || value.equals("1"))
                .isPresent();
    }

    /** Every element in it at whatever depth, itself first, in the order of the file. */
    public List<Node> all() {
        List<Node> found = new ArrayList<>(List.of(this));
        for (int i = 0; i < children.size(); i++) {
            found.addAll(children.get(i).all());
        }
        return found;
    }
}
