package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses settings that the schema accepts and this version does not support. It never ignores them. */
final class UnsupportedSettings {

    /** By element: each attribute with its supported values; with no values, the attribute is not supported at all. */
    private static final Map<String, Map<String, Set<String>>> ATTRIBUTES =
            Map.of("promote", Map.of("jsonPath", Set.of()));

    private UnsupportedSettings() {}

    static void check(Settings element, List<Problem> problems) {
        ATTRIBUTES.getOrDefault(element.element(), Map.of()).forEach((attribute, done) -> element.text(attribute)
                .filter(value -> !done.contains(value))
                .ifPresent(value -> problems.add(element.problem(
                        attribute,
                        "\""
                                + element.attributes()
                                        .getOrDefault(attribute, Setting.plain(value, element.origin()))
                                        .shown()
                                + "\" is not supported in this version yet",
                        done.isEmpty() ? "leave it out" : "expected " + String.join(", ", done)))));
        for (Settings child : element.children()) {
            check(child, problems);
        }
    }
}
