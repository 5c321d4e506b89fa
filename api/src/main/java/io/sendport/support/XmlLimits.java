package io.sendport.support;

import io.sendport.api.settings.Settings;

/**
 * How much XML a document may contain before a tree is built from it. A tree takes many times the bytes of small elements. Each limit is at
 * least 1.
 *
 * @param elements elements, comments, processing instructions and CDATA sections together
 * @param attributes attributes and namespace declarations of all elements together; one element has at most 200
 * @param depth the nesting depth of elements
 */
public record XmlLimits(int elements, int attributes, int depth) {

    /** Allows trees of about 150 MB, and more depth than business documents need. */
    public static final XmlLimits DEFAULT = new XmlLimits(500_000, 1_000_000, 500);

    /** The minimum size of an element or attribute, in bytes. */
    private static final int MIN_COUNT = 4;

    /**
     * The limits of the attributes {@code maxElements}, {@code maxAttributes} and {@code maxDepth}, with {@link #DEFAULT} for absent ones.
     */
    public static XmlLimits of(Settings settings) {
        return new XmlLimits(
                settings.number("maxElements", DEFAULT.elements),
                settings.number("maxAttributes", DEFAULT.attributes),
                settings.number("maxDepth", DEFAULT.depth));
    }

    /** The larger limit of each kind. */
    public XmlLimits or(XmlLimits other) {
        return new XmlLimits(
                Math.max(elements, other.elements),
                Math.max(attributes, other.attributes),
                Math.max(depth, other.depth));
    }

    /** Whether a document of {@code bytes} could exceed the limit of elements or attributes. */
    boolean canBeExceededBy(long bytes) {
        return bytes / MIN_COUNT > Math.min(elements, attributes);
    }
}
