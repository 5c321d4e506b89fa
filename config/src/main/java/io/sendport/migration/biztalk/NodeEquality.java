package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;

/** Compares two elements by content, whatever their positions. */
final class NodeEquality {

    private NodeEquality() {}

    static boolean areEqual(Node one, Node other) {
        if (!one.name().equals(other.name())
                || !one.attributes().equals(other.attributes())
                || !one.text().strip().equals(other.text().strip())
                || one.children().size() != other.children().size()) {
            return false;
        }
        for (int i = 0; i < one.children().size(); i++) {
            if (!areEqual(one.children().get(i), other.children().get(i))) {
                return false;
            }
        }
        return true;
    }
}
