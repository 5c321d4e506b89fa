package io.sendport.api.adapter;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes send adapters of one XML element. Found by {@link java.util.ServiceLoader}; one instance per host instance, so that
 * what several ports share (connections, rates) has a place. For any number of threads.
 */
public interface AdapterFactory extends AutoCloseable {

    /** The element's name in a port, such as {@code smtp}. */
    String element();

    /** Everything wrong with these settings, found without sending anything. */
    List<Problem> check(Settings settings, HostServices host);

    /**
     * Makes the adapter.
     *
     * @throws Exception when {@link #check} would have found a problem, or the environment broke since
     */
    SendAdapter create(Settings settings, HostServices host) throws Exception;

    /**
     * What an answer of the server would lead to under these settings, and which rule says so; for people.
     *
     * @param reply as the server says it, such as {@code 432 4.3.2 too busy}
     */
    default String explain(Settings settings, String reply) {
        return "the <" + element() + "> adapter has no rules for answers";
    }

    /**
     * Looks at the way to the server that these settings name, step by step, and sends no message. A step takes 15 seconds at most.
     *
     * @param to receives each finding at once
     */
    default void diagnose(Settings settings, HostServices host, Visit visit, Consumer<Finding> to) {
        to.accept(Finding.warn(element(), "this adapter has nothing to look at", ""));
    }

    /** Ends what the adapters shared. A second call does nothing, and nothing is thrown. */
    @Override
    void close();
}
