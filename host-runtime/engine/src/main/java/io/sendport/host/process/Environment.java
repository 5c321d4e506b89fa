package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.host.observe.LogControl;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.submission.LogOns;
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
 * @param database the source of PostgreSQL connections; if empty, the configuration defines it
 */
public record Environment(
        Extensions extensions,
        Clock clock,
        MeterRegistry meters,
        LogOns logOns,
        Optional<LogControl> logControl,
        Optional<DataSource> database) {

    /** An environment with unused metrics and without log-ons. */
    public static Environment of(Path plugins, Clock clock) {
        return new Environment(
                Extensions.of(plugins),
                clock,
                new SimpleMeterRegistry(),
                LogOns.NONE,
                Optional.empty(),
                Optional.empty());
    }
}
