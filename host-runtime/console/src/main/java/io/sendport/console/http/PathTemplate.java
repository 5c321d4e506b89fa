package io.sendport.console.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path in which {@code {name}} stands for a variable segment. Immutable; null is allowed nowhere.
 *
 * @param text the template as written
 * @param segments the segments of the template
 */
record PathTemplate(String text, List<String> segments) {

    static PathTemplate of(String text) {
        return new PathTemplate(text, List.of(text.substring(1).split("/")));
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{");
    }

    /** The value of each variable segment; empty when the path does not match. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        for (int i = 0; i < path.size(); i++) {
            if (!isName(segments.get(i)) && !segments.get(i).equals(path.get(i))) {
                return Optional.empty();
            }
        }
        Map<String, String> found = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String each = segments.get(i);
            if (isName(each)) {
                found.put(each.substring(1, each.length() - 1), path.get(i));
            }
        }
        return Optional.of(found);
    }
}
