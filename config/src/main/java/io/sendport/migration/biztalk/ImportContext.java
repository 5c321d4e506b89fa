package io.sendport.migration.biztalk;

import io.sendport.migration.report.Report;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.write.Element;
import io.sendport.migration.write.Names;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The state of one import, which all its ports share. Not thread-safe. */
final class ImportContext {

    final Report report = new Report();
    final Optional<ZoneId> zone;
    final Set<ZoneOffset> wholeDayOffsets;
    final Map<String, CustomProps> handlers;
    final Map<String, List<Pipelines.Component>> pipelineFiles;
    final Names names = new Names();
    final Names fileNames = new Names();
    final Map<String, Host> hosts = new LinkedHashMap<>();
    final Names pipelineNames = new Names();
    /** Names of pipelines by their content. */
    final Map<String, String> pipelineTexts = new LinkedHashMap<>();

    final Names hostNames = new Names();
    final Map<String, Node> groups = new LinkedHashMap<>();
    /** Components that must be ported, by their class. */
    final Map<String, Pipelines.Component> components = new LinkedHashMap<>();

    final Map<String, Element> pipelines = new LinkedHashMap<>();
    final Map<String, String> files = new LinkedHashMap<>();
    final Map<String, String> promotions = new LinkedHashMap<>();
    final Map<String, String> variables = new LinkedHashMap<>();
    /** The names of written ports, by their names in the file. */
    final Map<String, String> written = new LinkedHashMap<>();

    final List<Element> ports = new ArrayList<>();
    final List<String> refused = new ArrayList<>();

    ImportContext(
            Optional<ZoneId> zone,
            Set<ZoneOffset> wholeDayOffsets,
            Map<String, CustomProps> handlers,
            Map<String, List<Pipelines.Component>> pipelineFiles) {
        this.zone = zone;
        this.wholeDayOffsets = wholeDayOffsets;
        this.handlers = handlers;
        this.pipelineFiles = pipelineFiles;
    }

    /** A host of the configuration. */
    static final class Host {
        final String source;
        final String name;
        final Element smtp = new Element("smtp");
        final Element mail = new Element("mail");
        final Element identity = new Element("identity");

        Host(String source, String name) {
            this.source = source;
            this.name = name;
        }
    }

    /** The host with that name; created on first use. */
    Host host(String source) {
        return hosts.computeIfAbsent(source, key -> new Host(source, hostNames.name(source)));
    }

    /** The path to which a file with that path must be copied. */
    String file(String path) {
        return files.computeIfAbsent(path, key -> "import/" + fileNames.file(path));
    }

    /** A port during the import. */
    final class Port {
        final SourceFile file;
        final Node node;
        final String source;
        final String name;
        final Host host;
        final Element element = new Element("sendPort");
        final List<Element> maps = new ArrayList<>();
        /** Properties that a message must bring. */
        final Set<String> properties = new LinkedHashSet<>();

        Port(SourceFile file, Node node, Host host) {
            this.file = file;
            this.node = node;
            this.source = node.attribute("Name").orElse("unnamed");
            this.name = names.name(source);
            this.host = host;
        }

        /** A place in the file of this port. */
        Place place(Node at, String path) {
            return new Place(file.name(), at, path);
        }

        void report(Rule rule, Node at, String path, String value, String target, String message, String advice) {
            report(rule, place(at, path), value, target, message, advice);
        }

        void report(Rule rule, Place place, String value, String target, String message, String advice) {
            report.add(rule, place.file(), place.at(), place.path(), value, target, message, advice, name);
        }

        void exact(Node at, String path, String value, String target) {
            exact(place(at, path), value, target);
        }

        void exact(Place place, String value, String target) {
            report(Rule.BT_PORT, place, value, target, "", "");
        }

        Todo todo(Todo.Kind kind, String what, String message) {
            return report.todo(kind, what, message, file.name(), name);
        }

        /** Requests a value under a name of this port, and returns the placeholder for it. */
        String property(Rule rule, Place place, String attribute, String value, String message) {
            String property = Names.property(name, attribute);
            todo(Todo.Kind.PROPERTY, property, message);
            report(rule, place, value, "{{" + property + "}}", message, "");
            return "{{" + property + "}}";
        }

        /** Sets an attribute to a text of the file, in which nothing may become a placeholder. */
        void set(Element to, String attribute, String text, Place place) {
            if (text.contains("{{")) {
                to.set(
                        attribute,
                        property(Rule.BT_PLACEHOLDER, place, attribute, text, "its value is the text " + text));
            } else if (text.contains("${")) {
                to.set(
                        attribute,
                        property(Rule.BT_TEMPLATE, place, attribute, text, "a deployment tool fills in " + text));
            } else {
                to.set(attribute, text);
                exact(place, text, attribute);
            }
        }

        /** The environment variable of a password. The same account at the same server always has the same variable. */
        String variable(String account, String what, String message) {
            String variable = variables.computeIfAbsent(
                    account + " " + what, key -> unused(Names.variable(host.name, name, what)));
            todo(Todo.Kind.ENV, variable, message);
            return "{{env:" + variable + "}}";
        }

        String importedFile(String path) {
            return ImportContext.this.file(path);
        }

        private String unused(String variable) {
            String found = variable;
            for (int i = 2; variables.containsValue(found); i++) {
                found = variable + "_" + i;
            }
            return found;
        }
    }
}
