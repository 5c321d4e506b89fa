package io.sendport.host.box.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.ledger.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes the result of an attempt as the store keeps it for {@code explain}. */
public final class AttemptJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AttemptJson() {}

    /** Writes the result of an attempt that ended. */
    public static String write(DeliveryResult result) {
        return write(
                result.recipients(),
                result.peer(),
                result.facts(),
                result.elapsed().toMillis(),
                result.dialogue());
    }

    /** Writes an attempt of which only the results of the recipients are known. */
    public static String write(List<RecipientResult> recipients) {
        return write(recipients, "", Facts.NONE, 0, List.of());
    }

    /**
     * Whether a recipient of the attempt had that outcome.
     *
     * @throws DamagedException when {@code json} is not JSON
     */
    public static boolean hasOutcome(String json, Outcome outcome) {
        try {
            for (JsonNode each : JSON.readTree(json).path("recipients")) {
                if (each.path("outcome").asText().equals(outcome.name())) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            throw new DamagedException("an attempt in the message box is not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static String write(
            List<RecipientResult> recipients, String peer, Facts facts, long millis, List<String> dialogue) {
        Map<String, Object> json = new TreeMap<>();
        List<Object> list = new ArrayList<>();
        for (RecipientResult each : recipients) {
            Map<String, Object> one = new TreeMap<>(each.facts().asMap());
            one.put("address", each.address().toString());
            one.put("outcome", each.outcome().name());
            one.put("reply", each.text());
            list.add(one);
        }
        // Present in every row since the first version, even if empty.
        json.put("tls", "");
        json.put("auth", "");
        json.put("queueId", "");
        json.putAll(facts.asMap());
        json.put("recipients", list);
        json.put("relay", peer);
        json.put("millis", millis);
        json.put("dialogue", dialogue);
        return CanonicalJson.of(json);
    }
}
