package io.sendport.config.build;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import java.util.LinkedHashMap;
import java.util.Map;

/** The components and adapters that the program supplied as instances, by their names in the tree. Not thread-safe. */
final class Instances {

    final Map<String, Component> components = new LinkedHashMap<>();
    final Map<String, SendAdapter> adapters = new LinkedHashMap<>();

    String name(Component component) {
        return name(component, components);
    }

    String name(SendAdapter adapter) {
        return name(adapter, adapters);
    }

    private static <T> String name(T instance, Map<String, T> known) {
        for (Map.Entry<String, T> each : known.entrySet()) {
            if (each.getValue() == instance) {
                return each.getKey();
            }
        }
        Class<?> type = instance.getClass();
        String base = type.isHidden() || type.isAnonymousClass() ? "lambda" : type.getSimpleName();
        String name = base;
        for (int number = 2; known.containsKey(name); number++) {
            name = base + "-" + number;
        }
        known.put(name, instance);
        return name;
    }
}
