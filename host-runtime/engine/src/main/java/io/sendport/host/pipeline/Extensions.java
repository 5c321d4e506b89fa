package io.sendport.host.pipeline;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import java.nio.file.Path;
import java.util.Map;

/**
 * Components and adapters that are not part of Sendport: plug-ins in a folder, and instances of an application. The configuration names an
 * instance in {@code <component bean="...">} or {@code <adapter bean="...">}. The application owns the instances: the engine does not
 * close them, and one instance may serve several ports at the same time.
 *
 * @param plugins the folder of plug-ins
 * @param components instances of components, by name
 * @param adapters instances of adapters, by name
 */
public record Extensions(Path plugins, Map<String, Component> components, Map<String, SendAdapter> adapters) {

    /** Copies the maps. */
    public Extensions {
        components = Map.copyOf(components);
        adapters = Map.copyOf(adapters);
    }

    /** Only plug-ins. */
    public static Extensions of(Path plugins) {
        return new Extensions(plugins, Map.of(), Map.of());
    }
}
