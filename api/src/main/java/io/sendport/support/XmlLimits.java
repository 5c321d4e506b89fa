package io.sendport.support;

import io.sendport.api.settings.Settings;

/**
 * How much XML a document may hold before a tree is made of it: a tree takes many times the bytes of small elements. Each is at least 1.
 *
 * @param elements elements, comments, processing instructions and CDATA sections together
 * @param attributes attributes and namespace declarations of all elements together; one element has at most 200
 * @param depth elements within each other
 */
public record XmlLimits(int elements, int attributes, int depth) {

    /** Trees of some 150 MB at most, and deeper than any business document. */
    public static final XmlLimits DEFAULT = new XmlLimits(500_000, 1_000_000, 500);

    /** The least bytes of an element, and of an attribute. */
    private static final int LEAST = 4;

    /** What the attributes {@code maxElements}, {@code maxAttributes} and {@code maxDepth} say, else the {@link #DEFAULT}. */
    public static XmlLimits of(Settings settings) {
        return new XmlLimits(
                settings.number("maxElements", DEFAULT.elements),
                settings.number("maxAttributes", DEFAULT.attributes),
                settings.number("maxDepth", DEFAULT.depth));
    }

    /** The larger of each. */
    public XmlLimits or(XmlLimits other) {
        return new XmlLimits(
                Math.max(elements, other.elements),
                Math.max(attributes, other.attributes),
                Math.max(depth, other.depth));
    }

    /** Whether a document of {@code bytes} can hold more elements or attributes at all. */
    boolean canBeExceededBy(long bytes) {
        return bytes / LEAST > Math.min(elements, attributes);
    }
}
