package io.sendport.host.run;

import io.sendport.api.adapter.Delivery;
import io.sendport.host.box.MessageRow;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.pipeline.Timing;
import java.util.List;
import java.util.Map;

/**
 * A message whose mails are ready to be sent. The caller must close it.
 *
 * @param row the message
 * @param open the deliveries with at least one open recipient
 * @param newDeliveries all deliveries at the first attempt; empty once they are stored
 * @param facts the facts for the ledger, by delivery number
 * @param timings the timings of the components; empty if no pipeline ran
 * @param workspace has the sealed mails until it is closed
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
