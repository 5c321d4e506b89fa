package io.sendport.host.run;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.host.pipeline.Timing;
import java.util.List;

/** Is told what a port does, for metrics. Called by several threads; must be fast and must not throw. */
public interface PortObserver {

    /** The components of a pipeline ran. */
    void pipelineRan(String port, List<Timing> timings);

    /** An attempt ended and is on disk. */
    void attempted(String port, DeliveryResult result);

    /** A message was suspended before it became a mail. */
    void suspended(String port);

    /** Observes nothing. */
    PortObserver NONE = new PortObserver() {
        @Override
        public void pipelineRan(String port, List<Timing> timings) {
            // Nobody looks.
        }

        @Override
        public void attempted(String port, DeliveryResult result) {
            // Nobody looks.
        }

        @Override
        public void suspended(String port) {
            // Nobody looks.
        }
    };
}
