package io.sendport.api.component;

/**
 * A step of a send pipeline. One instance serves all messages of its port, on several threads at once, so it must keep no state between
 * calls. An exception suspends the message. The operator sees it with stage and component.
 */
public sealed interface Component extends AutoCloseable permits MessageComponent, Assembler, Encoder {

    /**
     * Releases what the component holds when its port stops. The default does nothing. A second call does nothing.
     *
     * @throws java.io.IOException is logged; the port stops anyway
     */
    @Override
    default void close() throws java.io.IOException {}
}
