package io.sendport.host.run;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.host.decide.NextAction;
import io.sendport.host.pipeline.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Observes what a port does, for metrics. Called by several threads; implementations must be fast and must not throw. */
public interface PortObserver {

    /** The components of a pipeline ran. */
    void pipelineRan(String port, List<Timing> timings);

    /**
     * An attempt ended and is on disk.
     *
     * @param next what happens with the message now; empty while it has more deliveries, or when another instance has taken it over
     */
    void attempted(String port, DeliveryResult result, Optional<NextAction> next);

    /**
     * A message ended well: every recipient was accepted.
     *
     * @param age since it was submitted
     */
    void done(String port, Duration age);

    /** A message was suspended before it became a mail. */
    void suspended(String port);

    /** Calls both observers. */
    static PortObserver both(PortObserver first, PortObserver second) {
        return new PortObserver() {
            @Override
            public void pipelineRan(String port, List<Timing> timings) {
                first.pipelineRan(port, timings);
                second.pipelineRan(port, timings);
            }

            @Override
            public void attempted(String port, DeliveryResult result, Optional<NextAction> next) {
                first.attempted(port, result, next);
                second.attempted(port, result, next);
            }

            @Override
            public void done(String port, Duration age) {
                first.done(port, age);
                second.done(port, age);
            }

            @Override
            public void suspended(String port) {
                first.suspended(port);
                second.suspended(port);
            }
        };
    }

    /** Observes nothing. */
    PortObserver NONE = new PortObserver() {
        @Override
        public void pipelineRan(String port, List<Timing> timings) {}

        @Override
        public void attempted(String port, DeliveryResult result, Optional<NextAction> next) {}

        @Override
        public void done(String port, Duration age) {}

        @Override
        public void suspended(String port) {}
    };
}
