package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.host.observe.LogControl;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.submission.LogOns;
import io.sendport.host.trace.Tracing;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What the caller provides to a host process.
 *
 * @param extensions plug-ins, and instances of the application
 * @param clock the time for due messages
 * @param meters the registry for metrics
 * @param logOns who may log on to a submission feed
 * @param logControl sets levels of loggers; if empty, the process takes no levels from operators
 * @param tracing makes spans
 * @param database the source of PostgreSQL connections; if empty, the configuration defines it
 */
public record Environment(
        Extensions extensions,
        Clock clock,
        MeterRegistry meters,
        LogOns logOns,
        Optional<LogControl> logControl,
        Tracing tracing,
        Optional<DataSource> database) {

    /** An environment with unused metrics and without log-ons. */
    public static Environment of(Path plugins, Clock clock) {
        return new Environment(
                Extensions.of(plugins),
                clock,
                new SimpleMeterRegistry(),
                LogOns.NONE,
                Optional.empty(),
                Tracing.OFF,
                Optional.empty());
    }

    /** This environment with other spans. */
    public Environment with(Tracing other) {
        return new Environment(extensions, clock, meters, logOns, logControl, other, database);
    }

    /** This environment with other metrics. */
    public Environment with(MeterRegistry other) {
        return new Environment(extensions, clock, other, logOns, logControl, tracing, database);
    }

    /** This environment with another way to set log levels. */
    public Environment with(LogControl other) {
        return new Environment(extensions, clock, meters, logOns, Optional.of(other), tracing, database);
    }

    /** This environment with other log-ons. */
    public Environment with(LogOns other) {
        return new Environment(extensions, clock, meters, other, logControl, tracing, database);
    }
}
