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
 * The services that the caller provides to a host process.
 *
 * @param extensions the plug-ins, and component instances of the embedding application
 * @param clock the clock for due times and records
 * @param meters the registry for metrics
 * @param logOns decides who may log on to a submission feed
 * @param logControl sets log levels; if empty, operators cannot set log levels of this process
 * @param tracing creates the spans of messages
 * @param database the source of PostgreSQL connections; if empty, the configuration names the database
 */
public record Environment(
        Extensions extensions,
        Clock clock,
        MeterRegistry meters,
        LogOns logOns,
        Optional<LogControl> logControl,
        Tracing tracing,
        Optional<DataSource> database) {

    /** An environment with the plug-ins in the folder {@code plugins}, without log-ons, log levels and spans. Nobody reads its metrics. */
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

    /** Returns a copy that creates spans with {@code other}. */
    public Environment with(Tracing other) {
        return new Environment(extensions, clock, meters, logOns, logControl, other, database);
    }

    /** Returns a copy that registers its metrics with {@code other}. */
    public Environment with(MeterRegistry other) {
        return new Environment(extensions, clock, other, logOns, logControl, tracing, database);
    }

    /** Returns a copy that sets log levels with {@code other}. */
    public Environment with(LogControl other) {
        return new Environment(extensions, clock, meters, logOns, Optional.of(other), tracing, database);
    }

    /** Returns a copy that checks log-ons to submission feeds with {@code other}. */
    public Environment with(LogOns other) {
        return new Environment(extensions, clock, meters, other, logControl, tracing, database);
    }
}
