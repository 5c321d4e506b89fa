package io.sendport.host.pipeline;

import io.sendport.api.adapter.AdapterFactory;
import io.sendport.api.component.Component;
import io.sendport.api.component.ComponentFactory;
import io.sendport.api.component.MailSignerFactory;
import io.sendport.api.component.Stage;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The available components and adapters: those with an element of their own, classes of plug-ins, and instances of an application. */
public final class Catalog implements AutoCloseable {

    private final Map<String, ComponentFactory> components = new HashMap<>();
    private final Map<String, AdapterFactory> adapters = new HashMap<>();
    private final Map<String, MailSignerFactory> signers = new HashMap<>();
    private final PluginFolder plugins;
    private final LentInstances instances;

    /** Finds everything on the class path and in {@code extensions}. */
    public Catalog(Extensions extensions) {
        this.plugins = new PluginFolder(extensions.plugins());
        this.instances = new LentInstances(extensions.components());
        adapters.put("adapter", new LentInstances.Adapters(extensions.adapters(), plugins));
        ServiceLoader.load(ComponentFactory.class).forEach(each -> components.put(each.element(), each));
        ServiceLoader.load(AdapterFactory.class).forEach(each -> adapters.put(each.element(), each));
        ServiceLoader.load(MailSignerFactory.class).forEach(each -> signers.put(each.element(), each));
    }

    /** Checks a component's settings. */
    public List<Problem> check(Settings settings, Stage stage, Services host) {
        if (isInstance(settings)) {
            return Stream.concat(
                            instances.check(settings, stage).stream(), ComponentClass.checkTimeout(settings).stream())
                    .toList();
        }
        if (settings.element().equals("component")) {
            return ComponentClass.check(settings, stage, plugins);
        }
        ComponentFactory factory = components.get(settings.element());
        if (factory == null || !factory.stages().contains(stage)) {
            return List.of(Problem.error(
                    settings.origin(),
                    "",
                    "<" + settings.element() + "> is not allowed in <" + stage.element() + ">",
                    "expected one of " + elements(stage)));
        }
        return factory.check(settings, host.in(settings.origin().folder()));
    }

    /** Creates and closes an instance of a plug-in class whose settings passed {@link #check}, and returns the problems. */
    public List<Problem> tryOut(Settings settings, Stage stage, Services host) {
        return settings.element().equals("component") && settings.has("class")
                ? ComponentClass.tryOut(
                        settings, stage, plugins, host.in(settings.origin().folder()))
                : List.of();
    }

    private static boolean isInstance(Settings settings) {
        return settings.element().equals("component") && settings.has("bean");
    }

    private List<String> elements(Stage stage) {
        return components.values().stream()
                .filter(each -> each.stages().contains(stage))
                .map(ComponentFactory::element)
                .sorted()
                .toList();
    }

    /**
     * Creates a component.
     *
     * @throws Exception when it cannot be created; {@link #check} describes problems of the settings better
     */
    public Component create(Settings settings, Stage stage, Services host) throws Exception {
        if (isInstance(settings)) {
            return instances.lend(settings);
        }
        if (settings.element().equals("component")) {
            return ComponentClass.create(
                    settings, stage, plugins, host.in(settings.origin().folder()));
        }
        ComponentFactory factory = components.get(settings.element());
        if (factory == null) {
            throw new IllegalArgumentException("unknown component <" + settings.element() + ">");
        }
        return factory.create(settings, host.in(settings.origin().folder()));
    }

    /** How long the component may work on one message; empty for no limit. */
    public Optional<Duration> timeout(Settings settings) {
        ComponentFactory factory = components.get(settings.element());
        return factory == null ? ComponentClass.timeout(settings) : factory.timeout(settings);
    }

    /** Whether the component always produces the same bytes for the same message, in any process. */
    public boolean isDeterministic(Settings settings) {
        ComponentFactory factory = components.get(settings.element());
        return factory != null && factory.isDeterministic(settings);
    }

    /**
     * The factory of the adapter for a transport. An audit relay uses SMTP.
     *
     * @throws IllegalArgumentException when it does not exist
     */
    public AdapterFactory adapter(Settings transport) {
        String element = transport.element().equals("auditRelay") ? "smtp" : transport.element();
        AdapterFactory factory = adapters.get(element);
        if (factory == null) {
            throw new IllegalArgumentException("unknown adapter <" + element + ">");
        }
        return factory;
    }

    /**
     * The factory of an element that signs finished mails, such as {@code <dkim>}.
     *
     * @throws IllegalArgumentException when it does not exist
     */
    public MailSignerFactory signer(Settings settings) {
        MailSignerFactory factory = signers.get(settings.element());
        if (factory == null) {
            throw new IllegalArgumentException("unknown mail signer <" + settings.element() + ">");
        }
        return factory;
    }

    /** The problems of the plug-in folder. */
    public List<String> pluginFaults() {
        return plugins.faults();
    }

    @Override
    public void close() throws java.io.IOException {
        adapters.values().forEach(AdapterFactory::close);
        plugins.close();
    }
}
