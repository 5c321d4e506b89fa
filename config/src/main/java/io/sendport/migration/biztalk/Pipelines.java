package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pipeline of a send port, as far as binding and {@code .btp} files describe it. */
final class Pipelines {

    private Pipelines() {}

    /** The stage of a component. */
    enum Stage {
        PRE_ASSEMBLE,
        ASSEMBLE,
        ENCODE;

        static Optional<Stage> of(String category) {
            String id = category.toLowerCase(Locale.ROOT);
            if (id.startsWith("9d0e4101")) {
                return Optional.of(PRE_ASSEMBLE);
            }
            if (id.startsWith("9d0e4107")) {
                return Optional.of(ASSEMBLE);
            }
            return id.startsWith("9d0e4108") ? Optional.of(ENCODE) : Optional.empty();
        }
    }

    /** A component with the properties that differ from their defaults. */
    record Component(Stage stage, String type, Map<String, String> properties) {

        /** The last part of the type. */
        String shortType() {
            return type.substring(type.lastIndexOf('.') + 1);
        }

        boolean isEncoder() {
            return shortType().equalsIgnoreCase("MIME_SMIME_Encoder");
        }
    }

    /** The .NET type in a full name. The assembly may follow it or, in old files, precede it. */
    static String type(String full) {
        String name = full.strip();
        int comma = name.indexOf(',');
        if (comma >= 0) {
            return name.substring(0, comma).strip();
        }
        return name.substring(name.lastIndexOf(':') + 1).strip();
    }

    /** The type of the pipeline of {@code port}; pass-through when it names none. */
    static String of(Node port) {
        return port.child("TransmitPipeline")
                .filter(each -> !each.isNil())
                .flatMap(each -> each.attribute("FullyQualifiedName").or(() -> each.attribute("Name")))
                .map(Pipelines::type)
                .orElse("PassThruTransmit");
    }

    static String last(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /**
     * What the port sets in its pipeline.
     *
     * @throws UnreadableException when that is not XML
     */
    static List<Component> bag(Node port) throws UnreadableException {
        Optional<Node> holder = port.child("SendPipelineData");
        return holder.isEmpty() ? List.of() : components(SourceReader.inner(holder.get()));
    }

    /** The components of a {@code .btp} file, or of a property bag. */
    static List<Component> components(Optional<Node> root) throws UnreadableException {
        List<Component> found = new ArrayList<>();
        List<Node> stages = root.flatMap(each -> each.child("Stages"))
                .map(each -> each.children("Stage"))
                .orElse(List.of());
        for (Node stage : stages) {
            Optional<Stage> where = Stage.of(stage.attribute("CategoryId").orElse(""));
            if (where.isEmpty()) {
                List<Node> lost = stage.children("Components", "Component");
                if (!lost.isEmpty()) {
                    throw new UnreadableException(stage.attribute("CategoryId")
                            .map(id -> "a component is in the stage " + id + ", which a send pipeline does not have;"
                                    + " this may be a receive pipeline. Import only send pipelines")
                            .orElse("a <Stage> has components and no CategoryId; use the .btp file of the project,"
                                    + " not the text in its .btp.cs"));
                }
                continue;
            }
            for (Node each : stage.children("Components", "Component")) {
                String name = each.attribute("Name").or(() -> each.text("Name")).orElse("unnamed");
                found.add(new Component(where.get(), type(name), properties(each)));
            }
        }
        return found;
    }

    private static Map<String, String> properties(Node component) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (Node each : component.child("Properties").map(Node::children).orElse(List.of())) {
            if (each.is("Property")) {
                each.attribute("Name")
                        .ifPresent(
                                name -> properties.put(name, each.text("Value").orElse("")));
            } else if (!each.text().isEmpty()) {
                properties.put(each.name(), each.text().strip());
            }
        }
        return properties;
    }
}
