package io.sendport.config.build;

import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import io.sendport.api.settings.Settings;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A configuration that a program built, with its instances of components and adapters. Immutable; thread-safe if the instances are.
 *
 * <pre>{@code
 * SendportConfiguration.builder()
 *         .host("main", host -> host.smtp(smtp -> smtp.server("relay.example", 587).basic("billing", password)))
 *         .port("Invoices", port -> port.from("billing@corp.example")
 *                 .to("%CustomerAddress%")
 *                 .domains("customer.example")
 *                 .retry(retry -> retry.count(5)))
 *         .build();
 * }</pre>
 */
public final class SendportConfiguration {

    private final Settings tree;
    private final Map<String, Component> components;
    private final Map<String, SendAdapter> adapters;

    private SendportConfiguration(Settings tree, Instances instances) {
        this.tree = tree;
        this.components = Map.copyOf(instances.components);
        this.adapters = Map.copyOf(instances.adapters);
    }

    /** An empty configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /** Checks the configuration again. The files that it names, such as keys, may have changed. */
    public Reading reading() {
        return ConfigurationReader.read(tree);
    }

    /** The element {@code sendport}. */
    public Settings tree() {
        return tree;
    }

    /** The components that the program supplied as instances, by their names in the configuration. */
    public Map<String, Component> components() {
        return components;
    }

    /** The adapters that the program supplied as instances, by their names in the configuration. */
    public Map<String, SendAdapter> adapters() {
        return adapters;
    }

    @Override
    public String toString() {
        return "SendportConfiguration"
                + tree.children().stream()
                        .filter(each -> each.has("name"))
                        .map(each -> each.element() + " " + each.text("name", ""))
                        .toList();
    }

    /** The elements directly under {@code <sendport>}. */
    public static final class Builder extends ElementBuilder<Builder> {

        private Path folder = Path.of("");

        private Builder() {
            super(new Node("sendport", new Instances()));
        }

        /** Sets the folder where relative paths start; the default is the working folder. */
        public Builder folder(Path start) {
            folder = start;
            return this;
        }

        /** Sets a value that Camel routes read as <code>{{name}}</code>. */
        public Builder property(String name, String value) {
            new AnyElement(node.one("properties").add("property"))
                    .set("name", name)
                    .set("value", value);
            return this;
        }

        /** Configures the message box; by default it is in SQLite, in {@code var/sendport.db}. */
        public Builder messageBox(Consumer<MessageBoxBuilder> content) {
            content.accept(new MessageBoxBuilder(node.one("messageBox")));
            return this;
        }

        /** Adds a host. */
        public Builder host(String name, Consumer<HostBuilder> content) {
            content.accept(new HostBuilder(named("host", name)));
            return this;
        }

        /** Adds a server that several ports share; a port names it with {@link SmtpBuilder#connection}. */
        public Builder connection(String name, Consumer<SmtpBuilder> content) {
            content.accept(new SmtpBuilder(named("smtpConnection", name)));
            return this;
        }

        /** Adds a pipeline that several ports may use. */
        public Builder pipeline(String name, Consumer<PipelineBuilder> content) {
            content.accept(new PipelineBuilder(named("pipeline", name)));
            return this;
        }

        /** Adds a send port. It belongs to the only host, unless it names one. */
        public Builder port(String name, Consumer<PortBuilder> content) {
            content.accept(new PortBuilder(named("sendPort", name), node));
            return this;
        }

        /** Adds a group of ports. */
        public Builder group(String name, Consumer<GroupBuilder> content) {
            content.accept(new GroupBuilder(named("sendPortGroup", name)));
            return this;
        }

        /**
         * Reads a property from each XML message when it is submitted.
         *
         * @param property the property
         * @param xpath XPath 1.0
         * @param namespaces namespaces by the prefixes in {@code xpath}
         */
        public Builder promote(String property, String xpath, Map<String, String> namespaces) {
            AnyElement element = new AnyElement(node.add("promote"))
                    .set("property", property)
                    .set("xpath", xpath);
            new LinkedHashMap<>(namespaces).forEach((prefix, uri) -> element.set("xmlns:" + prefix, uri));
            return this;
        }

        private Node named(String element, String name) {
            Node child = node.add(element);
            child.set("name", name, false);
            return child;
        }

        /**
         * Checks everything that can be checked without opening keys.
         *
         * @throws ConfigurationException with all problems, when there is an error
         */
        public SendportConfiguration build() {
            SendportConfiguration built = new SendportConfiguration(tree(), node.instances);
            Reading reading = built.reading();
            if (reading.hasErrors()) {
                throw new ConfigurationException(reading.errors());
            }
            return built;
        }

        /** The element {@code sendport}, unchecked, for {@link ConfigurationReader#read(Settings)}. */
        public Settings tree() {
            List<Node> hosts = node.children("host");
            if (hosts.size() == 1) {
                String only = hosts.get(0).text("name").orElse("");
                node.children("sendPort").stream()
                        .filter(port -> port.text("host").isEmpty())
                        .forEach(port -> port.set("host", only, false));
            }
            return node.settings(folder.toAbsolutePath().normalize());
        }
    }
}
