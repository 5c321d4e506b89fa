package io.sendport.host.box;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.host.ledger.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of an attempt, as the store keeps it for {@code explain}. */
final class AttemptJson {

    private AttemptJson() {}

    static String write(DeliveryResult result) {
        return write(
                result.recipients(),
                result.channel().relay(),
                result.channel().tls(),
                result.channel().auth(),
                result.queueId(),
                result.elapsed().toMillis(),
                result.dialogue());
    }

    static String write(
            List<RecipientResult> recipients,
            String relay,
            String tls,
            String auth,
            String queueId,
            long millis,
            List<String> dialogue) {
        Map<String, Object> json = new TreeMap<>();
        List<Object> list = new ArrayList<>();
        for (RecipientResult each : recipients) {
            list.add(Map.of(
                    "address", each.address().toString(),
                    "outcome", each.outcome().name(),
                    "phase", each.phase().name(),
                    "reply", each.reply().toString()));
        }
        json.put("recipients", list);
        json.put("relay", relay);
        json.put("tls", tls);
        json.put("auth", auth);
        json.put("queueId", queueId);
        json.put("millis", millis);
        json.put("dialogue", dialogue);
        return CanonicalJson.of(json);
    }
}
