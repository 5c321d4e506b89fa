package io.sendport.api.component;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes components for one XML element. Found by {@link java.util.ServiceLoader}. Each host instance has one factory. Thread-safe. */
public interface ComponentFactory {

    /** The element's name in a stage, such as {@code xslt}. */
    String element();

    /** The stages that may contain the element. */
    Set<Stage> stages();

    /** Returns every problem of these settings. Sends and changes nothing. It need not repeat the checks of the schema. */
    List<Problem> check(Settings settings, HostServices host);

    /**
     * Makes the component.
     *
     * @throws Exception when {@link #check} would have found a problem, or the environment has failed since then
     */
    Component create(Settings settings, HostServices host) throws Exception;

    /**
     * Whether the same message always gives the same bytes, in any process. Only then may a retry render the mail again instead of using
     * stored sealed bytes.
     */
    default boolean isDeterministic(Settings settings) {
        return false;
    }

    /** Names and versions of native or optional libraries that the component uses, for {@code --version}; empty when there are none. */
    default String about() {
        return "";
    }

    /**
     * The time limit for one message in a component with these settings. After it, the engine abandons the thread and suspends the message.
     * By default the attribute {@code timeout} sets it.
     *
     * @return empty for no limit
     */
    default Optional<Duration> timeout(Settings settings) {
        return settings.has("timeout") ? Optional.of(settings.duration("timeout", Duration.ZERO)) : Optional.empty();
    }
}
