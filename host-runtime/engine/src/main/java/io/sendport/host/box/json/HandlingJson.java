package io.sendport.host.box.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.Notify;
import io.sendport.host.ledger.CanonicalJson;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads and writes the handling of a mail as the store keeps it, without default values. */
public final class HandlingJson {

    private static final String USUAL = "{}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private HandlingJson() {}

    public static String write(Handling handling) {
        if (handling.equals(Handling.USUAL)) {
            return USUAL;
        }
        Map<String, Object> json = new TreeMap<>();
        if (!handling.notifyOn().isEmpty()) {
            json.put(
                    "notifyOn",
                    handling.notifyOn().stream().map(Notify::name).sorted().toList());
        }
        if (handling.returnFull()) {
            json.put("returnFull", true);
        }
        if (handling.requireTls()) {
            json.put("requireTls", true);
        }
        handling.priority().ifPresent(priority -> json.put("priority", (long) priority));
        return CanonicalJson.of(json);
    }

    public static Handling read(String json) {
        if (json.equals(USUAL)) {
            return Handling.USUAL;
        }
        try {
            JsonNode node = JSON.readTree(json);
            Set<Notify> notifyOn = EnumSet.noneOf(Notify.class);
            node.path("notifyOn").forEach(each -> notifyOn.add(Notify.valueOf(each.asText())));
            return new Handling(
                    notifyOn,
                    node.path("returnFull").asBoolean(),
                    node.path("requireTls").asBoolean(),
                    node.has("priority") ? Optional.of(node.path("priority").asInt()) : Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a delivery in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
