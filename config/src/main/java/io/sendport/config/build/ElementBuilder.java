package io.sendport.config.build;

import io.sendport.api.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Builds one element of a configuration. Its methods may be called in any order; a second value for an attribute replaces the first.
 * Nothing is checked before {@link SendportConfiguration.Builder#build}. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class ElementBuilder<B extends ElementBuilder<B>> {

    final Node node;

    ElementBuilder(Node node) {
        this.node = node;
    }

    @SuppressWarnings("unchecked") // B is the type of this builder
    final B self() {
        return (B) this;
    }

    /** Sets an attribute by its name in docs/configuration.md. */
    public B set(String attribute, String value) {
        node.set(attribute, value, false);
        return self();
    }

    /** Sets an attribute whose value is never shown. */
    public B set(String attribute, Secret value) {
        node.set(attribute, value.reveal(), true);
        return self();
    }

    /** Sets a number. */
    public B set(String attribute, long value) {
        return set(attribute, Long.toString(value));
    }

    /** Sets a flag. */
    public B set(String attribute, boolean value) {
        return set(attribute, Boolean.toString(value));
    }

    /** Sets a duration, with at most milliseconds. */
    public B set(String attribute, Duration value) {
        return set(attribute, value.toString());
    }

    /** Sets a file or folder; a relative path starts at {@link SendportConfiguration.Builder#folder}. */
    public B set(String attribute, Path value) {
        return set(attribute, value.toString());
    }

    /** Adds a nested element by its name in docs/configuration.md. */
    public B add(String element, Consumer<AnyElement> content) {
        content.accept(new AnyElement(node.add(element)));
        return self();
    }

    /** Sets the description for people. */
    public B description(String text) {
        node.one("description").content(text);
        return self();
    }
}
