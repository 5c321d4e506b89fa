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
 * @param failures takes what failed, for ports that have it routed
 * @param instance on whose behalf
 * @param lease whether the instance's claims still hold
 * @param spool place for what outgrows memory
 * @param clock the time
 * @param observer is told what happens
 * @param watch sees who is in a pipeline
 * @param deliveries sees who is being delivered
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
