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
 * What the ports of an instance share.
 *
 * @param box the message box
 * @param throttles of this process
 * @param failures takes failed messages, for ports that route them
 * @param instance the instance that the ports work for
 * @param lease whether the instance's claims still hold
 * @param spool place for data that outgrows memory
 * @param clock the time
 * @param observer is notified of results
 * @param watch knows which messages are in a pipeline
 * @param deliveries knows which messages are being delivered
 * @param tracing makes spans
 * @param budget bounds the memory of components
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

    /** Runs the pipeline of a message, with a span. */
    <T, E extends Exception> T process(String port, MessageRow row, Tracing.Work<T, E> work) throws E {
        return tracing.process(port, row.id(), () -> traceParent(row), work);
    }

    /** Begins an attempt, with a span; {@code attempt} is delivery and number, such as {@code 1.2}. The caller closes it. */
    MessageSpan attempt(String port, MessageRow row, String attempt) {
        return tracing.sending(port, row.id(), attempt, () -> traceParent(row));
    }

    private Optional<String> traceParent(MessageRow row) {
        return box.queries().context(row).get(MessageProperties.TRACE_PARENT);
    }
}
