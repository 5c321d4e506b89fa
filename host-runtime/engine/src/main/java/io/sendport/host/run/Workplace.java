package io.sendport.host.run;

import io.sendport.api.adapter.Lease;
import io.sendport.host.box.MessageBox;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.rate.Throttles;
import java.time.Clock;

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
 * @param budget bounds the memory of components
 */
public record Workplace(
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
        Budget budget) {}
