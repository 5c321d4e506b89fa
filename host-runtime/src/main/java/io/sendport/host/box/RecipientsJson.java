package io.sendport.host.box;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Reply;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.ledger.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recipients with what last came of them, as the store keeps them. */
final class RecipientsJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Map<String, String>>> LIST = new TypeReference<>() {};

    private RecipientsJson() {}

    static String write(List<RecipientResult> results) {
        List<Object> list = new ArrayList<>();
        for (RecipientResult each : results) {
            list.add(Map.of(
                    "address", each.address().toString(),
                    "outcome", each.outcome().name(),
                    "phase", each.phase().name(),
                    "code", Integer.toString(each.reply().code()),
                    "enhanced", each.reply().enhanced(),
                    "text", each.reply().text()));
        }
        return CanonicalJson.of(list);
    }

    static List<RecipientResult> read(String json) {
        try {
            List<RecipientResult> results = new ArrayList<>();
            for (Map<String, String> each : JSON.readValue(json, LIST)) {
                results.add(new RecipientResult(
                        MailAddress.parse(each.getOrDefault("address", "")),
                        Outcome.valueOf(each.getOrDefault("outcome", "DEFERRED")),
                        Phase.valueOf(each.getOrDefault("phase", "BORROW")),
                        new Reply(
                                Integer.parseInt(each.getOrDefault("code", "0")),
                                each.getOrDefault("enhanced", ""),
                                each.getOrDefault("text", ""))));
            }
            return results;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("recipients in the message box are damaged: " + e.getOriginalMessage(), e);
        }
    }
}
