package io.sendport.host.pipeline;

import io.sendport.api.component.Stage;
import java.time.Duration;
import java.util.Optional;

/** Is told which component a message comes to. */
@FunctionalInterface
public interface StepListener {

    /** For who need not know. */
    StepListener NONE = (stage, component, timeout) -> {};

    /**
     * A component begins, or one of the pipeline's own steps.
     *
     * @param timeout how long it may take; empty where the configuration does not say
     */
    void begins(Stage stage, String component, Optional<Duration> timeout);
}
