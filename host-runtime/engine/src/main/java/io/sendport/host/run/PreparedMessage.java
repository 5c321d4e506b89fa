package io.sendport.host.run;

import io.sendport.api.adapter.Delivery;
import io.sendport.host.box.MessageRow;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.pipeline.Timing;
import java.util.List;
import java.util.Map;

/**
 * A message that is ready to be sent.
 *
 * @param row the message
 * @param open deliveries with at least one recipient that has not accepted yet
 * @param newDeliveries every delivery, if none is stored yet
 * @param facts for the ledger, by number of the delivery
 * @param timings of the components
 * @param workspace holds the sealed bytes until it is closed
 */
public record PreparedMessage(
        MessageRow row,
        List<Delivery> open,
        List<Delivery> newDeliveries,
        Map<Integer, Map<String, String>> facts,
        List<Timing> timings,
        SpoolWorkspace workspace)
        implements AutoCloseable {
    @Override
    public void close() {
        workspace.close();
    }
}
