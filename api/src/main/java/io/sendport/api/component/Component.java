package io.sendport.api.component;

/**
 * A step of a send pipeline. One instance serves all messages of its port, by several threads at once: it keeps nothing between
 * calls. What it throws suspends the message and is shown to the operator with stage and component.
 */
public sealed interface Component extends AutoCloseable permits MessageComponent, Assembler, Encoder {

    /**
     * Gives back what the component holds when its port stops; nothing by default. A second call does nothing.
     *
     * @throws java.io.IOException is logged; the port stops all the same
     */
    @Override
    default void close() throws java.io.IOException {}
}
