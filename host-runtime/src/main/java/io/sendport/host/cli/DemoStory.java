package io.sendport.host.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageRow;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the demo tells of its message, read from ledger and box like anyone would. */
final class DemoStory {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<AuditRecord> records = new ArrayList<>();
    private final MessageQueries.Attempt attempt;

    DemoStory(MessageBox box, MessageRow row) {
        box.ledger().read(AuditFilter.ofMessage(row.id().value()), records::add);
        attempt = box.queries().attempts(row).get(0);
    }

    private AuditRecord of(String kind) {
        return records.stream()
                .filter(each -> each.header("kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    String pipeline() {
        AuditRecord started = of("ATTEMPT_STARTED");
        List<String> steps = new ArrayList<>();
        for (JsonNode each : parse(attempt.components())) {
            String name = each.path("component").asText();
            long millis = Math.max(1, each.path("micros").asLong() / 1000);
            if (name.equals("smime")) {
                steps.add("smime signed (" + signature(started) + "), encrypted (" + cipher(started) + ") for "
                        + recipient(started) + " " + millis + " ms");
            } else if (!name.equals("seal")) {
                steps.add(name + " " + millis + " ms");
            }
        }
        return String.join(" > ", steps);
    }

    /** {@code clear RSA SHA-256} as {@code RSA, SHA-256}. */
    private static String signature(AuditRecord started) {
        String recorded = started.detail("smime.signature");
        return recorded.substring(recorded.indexOf(' ') + 1).replace(" ", ", ");
    }

    /** {@code aes256-cbc, RSA} as {@code AES-256}. */
    private static String cipher(AuditRecord started) {
        return started.detail("smime.encryption").replaceAll("-.*", "").replace("aes", "AES-");
    }

    private static String recipient(AuditRecord each) {
        return each.secret().get("recipients") instanceof List<?> list && list.get(0) instanceof Map<?, ?> first
                ? String.valueOf(first.get("address"))
                : "";
    }

    String relay() {
        return of("ACCEPTED").detail("relay");
    }

    String queueId() {
        return of("ACCEPTED").detail("queueId");
    }

    String reply() {
        return of("ACCEPTED").secret().get("recipients") instanceof List<?> list
                        && list.get(0) instanceof Map<?, ?> first
                ? String.valueOf(first.get("reply"))
                : "";
    }

    String subject() {
        return of("ATTEMPT_STARTED").detail("subject");
    }

    String sha256() {
        return of("ACCEPTED").header("sha256");
    }

    long attemptMillis() {
        return parse(attempt.result().orElse("{}")).path("millis").asLong();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an attempt in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
