package io.sendport.host.box.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.ledger.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes recipients with their last results as the store keeps them. */
public final class RecipientsJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Map<String, String>>> LIST = new TypeReference<>() {};

    private RecipientsJson() {}

    public static String write(List<RecipientResult> results) {
        List<Object> list = new ArrayList<>();
        for (RecipientResult each : results) {
            Map<String, Object> one = new TreeMap<>(each.facts().asMap());
            one.put("address", each.address().toString());
            one.put("outcome", each.outcome().name());
            one.put("handover", each.handover().name());
            one.put("text", each.text());
            list.add(one);
        }
        return CanonicalJson.of(list);
    }

    public static List<RecipientResult> read(String json) {
        try {
            List<RecipientResult> results = new ArrayList<>();
            for (Map<String, String> each : JSON.readValue(json, LIST)) {
                results.add(read(each));
            }
            return results;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("recipients in the message box are damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static RecipientResult read(Map<String, String> json) {
        Outcome outcome = Outcome.valueOf(json.getOrDefault("outcome", "DEFERRED"));
        Facts facts = Facts.NONE;
        for (Map.Entry<String, String> each : json.entrySet()) {
            if (!Facts.isReserved(each.getKey())) {
                facts = facts.with(each.getKey(), each.getValue());
            }
        }
        return new RecipientResult(
                MailAddress.parse(json.getOrDefault("address", "")),
                outcome,
                json.containsKey("handover") ? Handover.valueOf(json.get("handover")) : handover(outcome, facts),
                text(json),
                facts);
    }

    /** Version 1.0 stored only the SMTP phase, and other adapters used one of these phases. */
    private static Handover handover(Outcome outcome, Facts facts) {
        return switch (outcome) {
            case ACCEPTED -> Handover.HANDED_OVER;
            case IN_DOUBT -> Handover.UNKNOWN;
            case DEFERRED, REFUSED ->
                facts.get(Facts.PHASE).equals("FINAL_REPLY") ? Handover.HANDED_OVER : Handover.NOT_HANDED_OVER;
        };
    }

    /** Version 1.0 stored an SMTP reply in three fields. */
    private static String text(Map<String, String> json) {
        String text = json.getOrDefault("text", "");
        String code = json.getOrDefault("code", "0");
        if (code.equals("0")) {
            return text;
        }
        String enhanced = json.getOrDefault("enhanced", "");
        return code + (enhanced.isEmpty() ? "" : " " + enhanced) + (text.isEmpty() ? "" : " " + text);
    }
}
