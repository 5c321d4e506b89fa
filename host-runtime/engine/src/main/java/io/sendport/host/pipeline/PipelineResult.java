package io.sendport.host.pipeline;

import io.sendport.api.adapter.Delivery;
import java.util.List;
import java.util.Map;

/** The result of a pipeline for a message. */
public sealed interface PipelineResult {

    /** How long each component took. */
    List<Timing> timings();

    /**
     * A component consumed the message.
     *
     * @param by the component
     * @param timings how long each component took that ran
     */
    record Consumed(String by, List<Timing> timings) implements PipelineResult {}

    /**
     * Sealed deliveries.
     *
     * @param deliveries at least one delivery
     * @param facts for the ledger, by number of the delivery: the subject, and what encoders recorded
     * @param timings how long each component took
     */
    record Sealed(List<Delivery> deliveries, Map<Integer, Map<String, String>> facts, List<Timing> timings)
            implements PipelineResult {}
}
