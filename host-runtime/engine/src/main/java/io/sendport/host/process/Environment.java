package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What a host process takes from whoever starts it.
 *
 * @param plugins the folder of plug-ins
 * @param clock the time by which messages are due
 * @param meters where metrics are counted
 */
public record Environment(Path plugins, Clock clock, MeterRegistry meters) {

    /** With metrics that nobody reads. */
    public static Environment of(Path plugins, Clock clock) {
        return new Environment(plugins, clock, new SimpleMeterRegistry());
    }
}
