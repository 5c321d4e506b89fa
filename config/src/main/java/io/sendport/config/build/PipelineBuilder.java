package io.sendport.config.build;

import io.sendport.api.component.Assembler;
import io.sendport.api.component.Component;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.Stage;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Builds {@code <pipeline>}. Components of a stage run in the order in which they are added. Not thread-safe. */
public final class PipelineBuilder extends ElementBuilder<PipelineBuilder> {

    PipelineBuilder(Node node) {
        super(node);
    }

    /**
     * Adds a component of the application, in the stage of its type. The application owns the instance: the engine does not close it, and
     * several ports and threads may use it at once.
     */
    public PipelineBuilder component(Component instance) {
        String name = node.instances.name(instance);
        Stage stage = instance instanceof Assembler
                ? Stage.ASSEMBLE
                : instance instanceof Encoder ? Stage.ENCODE : Stage.PRE_ASSEMBLE;
        return component(stage, component -> component.set("bean", name));
    }

    /** Adds {@code <component>}, such as a class of a plug-in or a registered instance. */
    public PipelineBuilder component(Stage stage, Consumer<AnyElement> content) {
        return add(stage, "component", content);
    }

    /** Transforms the body with XSLT 1.0. */
    public PipelineBuilder xslt(Path stylesheet) {
        return add(Stage.PRE_ASSEMBLE, "xslt", xslt -> xslt.set("stylesheet", stylesheet));
    }

    /** Passes the message through a Camel endpoint. */
    public PipelineBuilder camel(String uri) {
        return add(Stage.PRE_ASSEMBLE, "camel", camel -> camel.set("uri", uri));
    }

    /** Sets how the mail is assembled; without it, the defaults. */
    public PipelineBuilder mime(Consumer<AnyElement> content) {
        return add(Stage.ASSEMBLE, "mime", content);
    }

    /** Signs or encrypts. */
    public PipelineBuilder smime(Consumer<SmimeBuilder> content) {
        content.accept(new SmimeBuilder(node.one(Stage.ENCODE.element()).add("smime")));
        return this;
    }

    /** Adds any component by its element. */
    public PipelineBuilder add(Stage stage, String element, Consumer<AnyElement> content) {
        content.accept(new AnyElement(node.one(stage.element()).add(element)));
        return this;
    }
}
