package io.sendport.host.alert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sendport.host.condition.alert.Alert;
import java.nio.charset.StandardCharsets;

/** An alert as JSON. Fields may be added; docs/alerts.md describes them. */
final class AlertJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertJson() {}

    static byte[] of(Alert message, AlertSender sender) {
        ObjectNode root = JSON.createObjectNode();
        root.put("id", message.id());
        root.put("at", message.at().toString());
        root.put("state", message.type().word());
        root.put("text", AlertText.subject(message, sender));
        root.put("machine", sender.machine());
        root.put("instance", sender.instance());
        root.put("store", sender.store());
        var conditions = root.putArray("conditions");
        message.notes().forEach(each -> {
            ObjectNode one = conditions.addObject();
            one.put("kind", each.kind().word());
            one.put("subject", each.subject());
            one.put("severity", each.severity().word());
            var ports = one.putArray("ports");
            each.ports().forEach(ports::add);
            one.put("since", each.since().toString());
            one.put("text", each.text());
            one.put("nextStep", each.nextStep());
        });
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }
}
