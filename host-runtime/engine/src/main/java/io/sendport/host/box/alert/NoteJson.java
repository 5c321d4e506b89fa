package io.sendport.host.box.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.alert.AlertNote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads and writes the notes of alerts as the message box stores them. */
final class NoteJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NoteJson() {}

    static String of(List<AlertNote> notes) {
        var array = JSON.createArrayNode();
        notes.forEach(each -> {
            ObjectNode node = array.addObject();
            node.put("kind", each.kind().name());
            node.put("subject", each.subject());
            node.put("severity", each.severity().name());
            node.put("since", each.since().toEpochMilli());
            var ports = node.putArray("ports");
            each.ports().forEach(ports::add);
            node.put("text", each.text());
            node.put("nextStep", each.nextStep());
        });
        return array.toString();
    }

    static List<AlertNote> notes(String json) {
        try {
            List<AlertNote> notes = new ArrayList<>();
            for (JsonNode each : JSON.readTree(json)) {
                TreeSet<String> ports = new TreeSet<>();
                each.path("ports").forEach(port -> ports.add(port.asText()));
                notes.add(new AlertNote(
                        ConditionKind.valueOf(each.path("kind").asText()),
                        each.path("subject").asText(),
                        Severity.valueOf(each.path("severity").asText()),
                        Instant.ofEpochMilli(each.path("since").asLong()),
                        ports,
                        each.path("text").asText(),
                        each.path("nextStep").asText()));
            }
            return notes;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an alert in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
