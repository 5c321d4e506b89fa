package io.sendport.config.build;

/** Builds an element by the names in docs/configuration.md. Not thread-safe. */
public final class AnyElement extends ElementBuilder<AnyElement> {

    AnyElement(Node node) {
        super(node);
    }

    /** Sets the text between the tags. */
    public AnyElement text(String text) {
        node.content(text);
        return this;
    }
}
