package io.sendport.config.build;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An element that is being built. Not thread-safe. */
final class Node {

    private static final String MASK = "***";

    /** A value; a secret is never shown. */
    private record Value(String text, boolean isSecret) {}

    private final String element;
    private final Map<String, Value> attributes = new LinkedHashMap<>();
    private final List<Node> children = new ArrayList<>();
    private String content = "";
    final Instances instances;

    Node(String element, Instances instances) {
        this.element = element;
        this.instances = instances;
    }

    void set(String attribute, String value, boolean isSecret) {
        attributes.put(attribute, new Value(value, isSecret));
    }

    void content(String text) {
        content = text;
    }

    Optional<String> text(String attribute) {
        return Optional.ofNullable(attributes.get(attribute)).map(Value::text);
    }

    /** A further nested element. */
    Node add(String name) {
        Node child = new Node(name, instances);
        children.add(child);
        return child;
    }

    /** The nested element of that name, which is added if there is none. */
    Node one(String name) {
        return children(name).stream().findFirst().orElseGet(() -> add(name));
    }

    List<Node> children(String name) {
        return children.stream().filter(each -> each.element.equals(name)).toList();
    }

    /** The finished tree; its paths are relative to {@code folder}. */
    Settings settings(Path folder) {
        return settings(folder.resolve(SendportConfiguration.class.getSimpleName()), "", new AtomicInteger());
    }

    private Settings settings(Path file, String path, AtomicInteger count) {
        int number = count.incrementAndGet();
        Origin origin = new Origin(file, number, 1, path.isEmpty() ? element : path);
        Map<String, Setting> settings = new LinkedHashMap<>();
        attributes.forEach((name, value) -> settings.put(
                name,
                new Setting(
                        value.text(),
                        value.isSecret() ? MASK : value.text(),
                        new Origin(
                                file,
                                number,
                                settings.size() + 2,
                                path.isEmpty() ? element + " > " + name : path + " > " + name))));
        Map<String, Integer> seen = new LinkedHashMap<>();
        List<Settings> nested = new ArrayList<>();
        for (Node child : children) {
            int nth = seen.merge(child.element, 1, Integer::sum);
            String step = child.element
                    + child.text("name").map(name -> " \"" + name + "\"").orElse(nth == 1 ? "" : " " + nth);
            nested.add(child.settings(file, path.isEmpty() ? step : path + " > " + step, count));
        }
        return new Settings(element, origin, settings, nested, content);
    }
}
