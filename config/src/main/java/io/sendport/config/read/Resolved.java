package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Resolves the placeholders of one element that was read unresolved. */
final class Resolved {

    private Resolved() {}

    static Settings attributes(Settings raw, Placeholders placeholders, List<Problem> problems) {
        Map<String, Setting> attributes = new LinkedHashMap<>();
        raw.attributes().forEach((name, setting) -> {
            try {
                String value =
                        placeholders.resolve(setting.value(), setting.origin().folder());
                attributes.put(name, new Setting(value, setting.value(), setting.origin()));
            } catch (Placeholders.UnresolvedException e) {
                problems.add(raw.problem(name, String.valueOf(e.getMessage()), ""));
            }
        });
        List<Settings> children = new ArrayList<>();
        raw.children().forEach(child -> children.add(attributes(child, placeholders, problems)));
        return new Settings(raw.element(), raw.origin(), attributes, children, raw.content());
    }
}
