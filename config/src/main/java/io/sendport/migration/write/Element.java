package io.sendport.migration.write;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An element of the configuration to write. Not thread-safe. */
public final class Element {

    /** A part of an element. */
    sealed interface Item {}

    /** A nested element. */
    record Nested(Element element) implements Item {}

    /** A comment. */
    record Comment(String text) implements Item {}

    final String name;
    final Map<String, String> attributes = new LinkedHashMap<>();
    final List<Item> items = new ArrayList<>();
    String content = "";

    public Element(String name) {
        this.name = name;
    }

    /** Sets an attribute; its placeholders are resolved when the configuration is read. */
    public Element set(String attribute, String value) {
        attributes.put(attribute, value);
        return this;
    }

    /** Sets an attribute when there is a value. */
    public Element set(String attribute, Optional<String> value) {
        value.ifPresent(given -> set(attribute, given));
        return this;
    }

    public Optional<String> get(String attribute) {
        return Optional.ofNullable(attributes.get(attribute));
    }

    /** Adds a nested element. */
    public Element add(Element child) {
        items.add(new Nested(child));
        return this;
    }

    /** Adds a new nested element and returns it. */
    public Element add(String child) {
        Element made = new Element(child);
        add(made);
        return made;
    }

    /** Adds all items of {@code other}. */
    public Element items(Element other) {
        items.addAll(other.items);
        return this;
    }

    /** Adds a comment. */
    public Element comment(String text) {
        items.add(new Comment(text));
        return this;
    }

    /** Sets its text; placeholders in it are not resolved. */
    public Element content(String text) {
        content = text;
        return this;
    }

    /** Whether it has no attributes, text or items. */
    public boolean isEmpty() {
        return attributes.isEmpty() && items.isEmpty() && content.isEmpty();
    }

    /** Whether it contains no element with that name. */
    public boolean isWithout(String child) {
        return items.stream()
                .noneMatch(each ->
                        each instanceof Nested nested && nested.element().name.equals(child));
    }

    /** This element as XML. */
    public String text() {
        return new Writer().text(this);
    }
}
