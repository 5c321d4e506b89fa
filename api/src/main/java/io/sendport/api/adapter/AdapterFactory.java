package io.sendport.api.adapter;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes send adapters for one XML element. Found by {@link java.util.ServiceLoader}. Each host instance has one factory, which holds what
 * several ports share (connections, rates). Thread-safe.
 */
public interface AdapterFactory extends AutoCloseable {

    /** The element's name in a port, such as {@code smtp}. */
    String element();

    /** Returns every problem of these settings. Sends nothing. */
    List<Problem> check(Settings settings, HostServices host);

    /**
     * Makes the adapter.
     *
     * @throws Exception when {@link #check} would have found a problem, or the environment has failed since then
     */
    SendAdapter create(Settings settings, HostServices host) throws Exception;

    /**
     * Explains, for people, what a reply of the server would lead to under these settings, and which rule decides it.
     *
     * @param reply as the server sends it, such as {@code 432 4.3.2 too busy}
     */
    default String explain(Settings settings, String reply) {
        return "the <" + element() + "> adapter has no reply rules";
    }

    /**
     * Checks the connection to the server that these settings name, step by step. Sends no message. Each step takes at most 15 seconds.
     *
     * @param to receives each finding as soon as it is known
     */
    default void diagnose(Settings settings, HostServices host, Visit visit, Consumer<Finding> to) {
        to.accept(Finding.warn(element(), "this adapter has no checks", ""));
    }

    /** Closes everything that the adapters shared. A second call does nothing. Throws nothing. */
    @Override
    void close();
}
