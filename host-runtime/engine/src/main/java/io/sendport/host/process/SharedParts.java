package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.config.SubmissionSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.observe.Metrics;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.Budget;
import io.sendport.host.run.DeliveryWatch;
import io.sendport.host.run.PipelineWatch;
import io.sendport.host.run.rate.Throttles;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.submission.LogOns;
import io.sendport.host.submission.SubmissionFeed;
import io.sendport.host.trace.Tracing;
import java.io.IOException;
import java.time.Clock;

/**
 * The parts that all host instances of a process share.
 *
 * @param isAlone whether no other process can run on the same store
 */
record SharedParts(
        MessageBox box,
        Clock clock,
        Extensions extensions,
        SpoolPlace spool,
        boolean isAlone,
        SubmissionService submissionService,
        LogOns logOns,
        Throttles throttles,
        MeterRegistry registry,
        Metrics metrics,
        AuditorCopies auditorCopies,
        PipelineWatch watch,
        DeliveryWatch deliveries,
        Tracing tracing,
        Budget budget) {

    /**
     * Opens a submission feed that submits to these parts.
     *
     * @throws IOException when the feed cannot listen on its TCP port
     */
    SubmissionFeed open(SubmissionSettings settings) throws IOException {
        return new SubmissionFeed(settings, submissionService.forFeeds(), logOns, spool, clock);
    }
}
