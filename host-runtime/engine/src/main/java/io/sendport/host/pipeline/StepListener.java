package io.sendport.host.pipeline;

import io.sendport.api.component.Stage;
import java.time.Duration;
import java.util.Optional;

/** Observes the components that a message reaches. */
@FunctionalInterface
public interface StepListener {

    /** Observes nothing. */
    StepListener NONE = (stage, component, timeout) -> {};

    /**
     * A component starts, or a built-in step of the pipeline.
     *
     * @param timeout how long it may take; empty when not configured
     */
    void begins(Stage stage, String component, Optional<Duration> timeout);
}
