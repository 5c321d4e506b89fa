package io.sendport.host.run;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.host.decide.NextAction;
import io.sendport.host.pipeline.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Receives the events of ports, for metrics and conditions. Called by several threads. Implementations must be fast and must not throw. */
public interface PortObserver {

    /** The pipeline of a message ran; {@code timings} has an element for each component. */
    void pipelineRan(String port, List<Timing> timings);

    /**
     * An attempt ended, and its result is on disk.
     *
     * @param next the next action for the message; empty while it has more deliveries, or if another instance has taken it over
     */
    void attempted(String port, DeliveryResult result, Optional<NextAction> next);

    /**
     * A message is done: a relay has accepted every recipient.
     *
     * @param age the time since the message was submitted
     */
    void done(String port, Duration age);

    /** A message was suspended before an attempt, for example because its pipeline failed. */
    void suspended(String port);

    /** Returns an observer that calls {@code first} and then {@code second}. */
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

    /** Ignores all events. */
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
