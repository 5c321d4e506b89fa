package io.sendport.host.alert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sendport.host.condition.alert.Alert;
import java.nio.charset.StandardCharsets;

/** Writes an alert as JSON for webhooks. docs/alerts.md describes the fields; later versions may add some. */
final class AlertJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertJson() {}

    static byte[] of(Alert alert, AlertSender sender) {
        ObjectNode root = JSON.createObjectNode();
        root.put("id", alert.id());
        root.put("at", alert.at().toString());
        root.put("state", alert.type().word());
        root.put("text", AlertText.subject(alert, sender));
        root.put("machine", sender.machine());
        root.put("instance", sender.instance());
        root.put("store", sender.store());
        var conditions = root.putArray("conditions");
        alert.notes().forEach(each -> {
            ObjectNode condition = conditions.addObject();
            condition.put("kind", each.kind().word());
            condition.put("subject", each.subject());
            condition.put("severity", each.severity().word());
            var ports = condition.putArray("ports");
            each.ports().forEach(ports::add);
            condition.put("since", each.since().toString());
            condition.put("text", each.text());
            condition.put("nextStep", each.nextStep());
        });
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }
}
