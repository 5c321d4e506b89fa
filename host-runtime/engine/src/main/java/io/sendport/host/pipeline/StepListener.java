package io.sendport.host.pipeline;

import io.sendport.api.component.Stage;
import java.time.Duration;
import java.util.Optional;

/** Observes the steps of a pipeline for one message. */
@FunctionalInterface
public interface StepListener {

    /** Observes nothing. */
    StepListener NONE = (stage, component, timeout) -> {};

    /**
     * Called before a component or a built-in step starts.
     *
     * @param timeout how long it may take; empty when not configured
     */
    void onStart(Stage stage, String component, Optional<Duration> timeout);
}
