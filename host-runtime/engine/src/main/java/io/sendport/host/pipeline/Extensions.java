package io.sendport.host.pipeline;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is not Sendport's own: plug-ins of a folder, and instances that an application hands in, by the names under which a configuration has
 * them ({@code <component bean="...">}, {@code <adapter bean="...">}). Instances stay the application's: nothing here closes them, and one may serve
 * several ports at once.
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

    /** Plug-ins alone. */
    public static Extensions of(Path plugins) {
        return new Extensions(plugins, Map.of(), Map.of());
    }
}
