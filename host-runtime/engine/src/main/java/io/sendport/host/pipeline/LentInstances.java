package io.sendport.host.pipeline;

import io.sendport.api.adapter.AdapterFactory;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Map;

/** Lends the instances of an application to ports. Closing a lent instance does not close the instance of the application. */
final class LentInstances {

    private static final String ADVICE =
            "the embedding application must register an instance with this name; registered: ";

    private final Map<String, Component> components;

    LentInstances(Map<String, Component> components) {
        this.components = components;
    }

    List<Problem> check(Settings settings, Stage stage) {
        if (settings.has("class")) {
            return List.of(settings.problem("bean", "cannot be combined with class", "leave bean or class out"));
        }
        Component found = components.get(settings.text("bean", ""));
        if (found == null) {
            return List.of(missing(settings, components));
        }
        return ComponentClass.stageOf(found.getClass()) == stage
                ? List.of()
                : List.of(settings.problem(
                        "bean",
                        "is not allowed in <" + stage.element() + ">",
                        "expected it in <"
                                + ComponentClass.stageOf(found.getClass()).element() + ">"));
    }

    private static Problem missing(Settings settings, Map<String, ?> known) {
        return settings.problem(
                "bean",
                "unknown instance \"" + settings.text("bean", "") + "\"",
                ADVICE + known.keySet().stream().sorted().toList());
    }

    /** The instance for one port. Its {@code close} does nothing. */
    @SuppressWarnings("UnnecessaryLambda") // the lambda leaves close out
    Component lend(Settings settings) {
        Component found = components.get(settings.text("bean", ""));
        if (found == null) {
            throw new IllegalArgumentException(missing(settings, components).toString());
        }
        if (found instanceof MessageComponent component) {
            return (MessageComponent) (message, scope) -> component.process(message, scope);
        }
        if (found instanceof Assembler assembler) {
            return (Assembler) (message, scope) -> assembler.assemble(message, scope);
        }
        return new LentEncoder((Encoder) found);
    }

    private record LentEncoder(Encoder own) implements Encoder {
        @Override
        public Entity encode(Entity entity, EncodeScope scope) throws Exception {
            return own.encode(entity, scope);
        }

        @Override
        public boolean namesRecipients() {
            return own.namesRecipients();
        }

        @Override
        public HeaderFields readableHeader(HeaderFields header) {
            return own.readableHeader(header);
        }
    }

    /** The factory for {@code <adapter>}: an instance of the application, or a class of a plug-in. */
    record Adapters(Map<String, SendAdapter> adapters, PluginFolder plugins) implements AdapterFactory {
        @Override
        public String element() {
            return "adapter";
        }

        @Override
        public List<Problem> check(Settings settings, HostServices host) {
            if (settings.has("bean") == settings.has("class")) {
                return List.of(settings.problem(
                        "class",
                        "<adapter> names "
                                + (settings.has("bean") ? "both a class and a bean" : "neither a class nor a bean"),
                        "give either class or bean"));
            }
            if (settings.has("class")) {
                return AdapterClass.check(settings, plugins);
            }
            return adapters.containsKey(settings.text("bean", "")) ? List.of() : List.of(missing(settings, adapters));
        }

        @Override
        public SendAdapter create(Settings settings, HostServices host) throws Exception {
            if (settings.has("class")) {
                return AdapterClass.create(settings, plugins, host);
            }
            SendAdapter found = adapters.get(settings.text("bean", ""));
            if (found == null) {
                throw new IllegalArgumentException(missing(settings, adapters).toString());
            }
            return new LentAdapter(found);
        }

        @Override
        public void close() {
            // The application owns the instances.
        }
    }

    private static final class LentAdapter extends ForwardingAdapter {

        LentAdapter(SendAdapter own) {
            super(own);
        }

        @Override
        public void close() {
            // The application owns the instance.
        }
    }
}
