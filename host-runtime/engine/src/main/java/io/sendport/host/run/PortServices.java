package io.sendport.host.run;

import io.sendport.api.adapter.Lease;
import io.sendport.api.message.MessageProperties;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.rate.Throttles;
import io.sendport.host.trace.MessageSpan;
import io.sendport.host.trace.Tracing;
import java.time.Clock;
import java.util.Optional;

/**
 * The services that the ports of an instance share.
 *
 * @param box the message box
 * @param throttles the throttles of this process
 * @param failures routes failed messages of ports that ask for it
 * @param instance the name of the instance that has the ports
 * @param lease tells whether the claims of the instance are valid
 * @param spool the folder for data that is too large for memory
 * @param clock the clock for due times and records
 * @param observer receives the results
 * @param watch tracks the messages in pipelines
 * @param deliveries tracks the messages that are being delivered
 * @param tracing creates spans
 * @param budget limits the memory of components
 */
public record PortServices(
        MessageBox box,
        Throttles throttles,
        FailedMessages failures,
        String instance,
        Lease lease,
        SpoolPlace spool,
        Clock clock,
        PortObserver observer,
        PipelineWatch watch,
        DeliveryWatch deliveries,
        Tracing tracing,
        Budget budget) {

    /** Runs {@code work}, the pipeline of a message, in a span. */
    <T, E extends Exception> T process(String port, MessageRow row, Tracing.Work<T, E> work) throws E {
        return tracing.process(port, row.id(), () -> traceParent(row), work);
    }

    /** Starts the span of an attempt; see {@link Tracing#beginSend}. The caller must close it. */
    MessageSpan beginAttempt(String port, MessageRow row, String attempt) {
        return tracing.beginSend(port, row.id(), attempt, () -> traceParent(row));
    }

    private Optional<String> traceParent(MessageRow row) {
        return box.queries().context(row).get(MessageProperties.TRACE_PARENT);
    }
}
