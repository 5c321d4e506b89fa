package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.submission.LogOns;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What a host process takes from whoever starts it.
 *
 * @param extensions plug-ins, and instances of the application
 * @param clock the time by which messages are due
 * @param meters where metrics are counted
 * @param logOns who may log on to a submission feed
 * @param database where connections to PostgreSQL come from; empty: the configuration says
 */
public record Environment(
        Extensions extensions, Clock clock, MeterRegistry meters, LogOns logOns, Optional<DataSource> database) {

    /** With metrics that nobody reads, and where nobody can log on. */
    public static Environment of(Path plugins, Clock clock) {
        return new Environment(Extensions.of(plugins), clock, new SimpleMeterRegistry(), LogOns.NONE, Optional.empty());
    }
}
