package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;

/** Whether two elements mean the same, wherever they are. */
final class Same {

    private Same() {}

    static boolean is(Node one, Node other) {
        if (!one.name().equals(other.name())
                || !one.attributes().equals(other.attributes())
                || !one.text().strip().equals(other.text().strip())
                || one.children().size() != other.children().size()) {
            return false;
        }
        for (int i = 0; i < one.children().size(); i++) {
            if (!is(one.children().get(i), other.children().get(i))) {
                return false;
            }
        }
        return true;
    }
}
