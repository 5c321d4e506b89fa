package io.sendport.api.component;

import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes components of one XML element. Found by {@link java.util.ServiceLoader}; one instance per host instance, for any number of threads.
 */
public interface ComponentFactory {

    /** The element's name in a stage, such as {@code xslt}. */
    String element();

    /** The stages the element may stand in. */
    Set<Stage> stages();

    /**
     * Everything wrong with these settings, found without sending or changing anything. What the schema says already need not be
     * checked again.
     */
    List<Problem> check(Settings settings, HostServices host);

    /**
     * Makes the component.
     *
     * @throws Exception when {@link #check} would have found a problem, or the environment broke since
     */
    Component create(Settings settings, HostServices host) throws Exception;

    /**
     * Whether the same message always gives the same bytes, in any process. Only then may a retry render again instead of keeping
     * the sealed bytes.
     */
    default boolean isDeterministic(Settings settings) {
        return false;
    }

    /** What it works with that differs from machine to machine, such as a native library, for {@code --version}; else empty. */
    default String about() {
        return "";
    }

    /**
     * How long one message may be with a component of these settings: then its thread is given up and the message suspended. As the
     * attribute {@code timeout} says by default.
     *
     * @return empty for no limit
     */
    default Optional<Duration> timeout(Settings settings) {
        return settings.has("timeout") ? Optional.of(settings.duration("timeout", Duration.ZERO)) : Optional.empty();
    }
}
