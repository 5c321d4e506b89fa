package io.sendport.host.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.settings.ByteSize;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageRow;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The story of one message, from the ledger and the box, so that nobody needs a log file. */
final class Explanation {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageBox box;
    private final MessageRow row;
    private final List<AuditRecord> records = new ArrayList<>();
    private final List<MessageQueries.Attempt> attempts;

    Explanation(MessageBox box, MessageRow row) {
        this.box = box;
        this.row = row;
        this.attempts = box.queries().attempts(row);
        box.ledger().read(AuditFilter.ofMessage(row.id().value()), records::add);
    }

    List<Map<String, Object>> json() {
        return records.stream().map(AuditRecord::asMap).toList();
    }

    /** State, properties and recipients. */
    void show(PrintWriter out) {
        out.println("message      " + row.id());
        out.println("port         " + row.port() + " on host " + row.host());
        out.println("state        " + row.state().word() + next());
        out.println("submitted    " + Output.time(row.submittedAt()) + ", " + ByteSize.format(row.size()));
        if (!row.mimeMessageId().isEmpty()) {
            out.println("Message-ID   " + row.mimeMessageId());
        }
        if (!row.lastError().isEmpty()) {
            out.println("last error   " + row.lastError());
        }
        box.queries()
                .context(row)
                .asMap()
                .forEach((name, value) -> out.println("property     " + name + " = " + value));
        for (DeliveryRow delivery : box.attempts().deliveries(row)) {
            out.println("delivery " + delivery.no() + "   " + ByteSize.format(delivery.size()) + ", SHA-256 "
                    + delivery.sha256());
            delivery.recipients()
                    .forEach(each -> out.println("  " + each.address() + "  "
                            + each.outcome().name().toLowerCase(java.util.Locale.ROOT) + ": " + each.reply()));
        }
    }

    private String next() {
        return switch (row.state()) {
            case WAITING, SENDING, SCHEDULED -> "";
            case RETRYING -> ", next attempt at " + Output.time(row.dueAt());
            case SUSPENDED ->
                (doubtful() ? "; look whether it arrived: `messages resolve --delivered` if so, else" : ";")
                        + " `sendport messages resume " + row.id().brief() + "` tries it again";
            case IN_DOUBT ->
                "; look whether it arrived, then `messages resume` or `messages resolve --delivered "
                        + row.id().brief() + "`";
            case DONE, CONSUMED, TERMINATED ->
                row.endedAt().map(at -> " at " + Output.time(at)).orElse("");
        };
    }

    private boolean doubtful() {
        return box.attempts().deliveries(row).stream()
                .flatMap(delivery -> delivery.recipients().stream())
                .anyMatch(each -> each.outcome() == Outcome.IN_DOUBT);
    }

    /** The whole life, in order. */
    void tell(PrintWriter out) {
        show(out);
        out.println();
        for (AuditRecord each : records) {
            Instant at = Instant.parse(each.header("at"));
            out.println(
                    Output.time(at) + "  " + each.header("kind") + " " + each.header("lane") + ":" + each.header("seq")
                            + (each.header("instance").isEmpty() ? "" : " by " + each.header("instance"))
                            + (each.detail("actor").isEmpty() ? "" : " by " + each.detail("actor")));
            facts(each, out);
            attempt(each).ifPresent(attempt -> {
                if (each.header("kind").equals("ATTEMPT_STARTED")) {
                    components(attempt, out);
                } else {
                    dialogue(attempt, out);
                }
            });
        }
    }

    private static void facts(AuditRecord each, PrintWriter out) {
        for (String name : List.of(
                "reason",
                "detail",
                "transport",
                "subject",
                "smime.profile",
                "smime.signature",
                "smime.signer",
                "smime.encryption",
                "smime.recipients",
                "smime.revocation",
                "smime.headerProtection",
                "smime.provider",
                "readable",
                "leftOut",
                "redirectedFrom",
                "relay",
                "tls",
                "auth",
                "queueId",
                "rule",
                "next")) {
            if (!each.detail(name).isEmpty()) {
                out.println("    " + name + ": " + each.detail(name));
            }
        }
        if (!each.header("sha256").isEmpty() && each.header("kind").equals("ATTEMPT_STARTED")) {
            out.println("    sealed: " + ByteSize.format(Long.parseLong(each.header("size"))) + ", SHA-256 "
                    + each.header("sha256"));
        }
        if (each.secret().get("recipients") instanceof List<?> recipients) {
            for (Object recipient : recipients) {
                if (recipient instanceof Map<?, ?> facts) {
                    Object outcome = facts.get("outcome");
                    out.println("    to " + facts.get("address")
                            + (outcome == null
                                    ? ""
                                    : ": " + outcome + " at " + facts.get("phase") + ", " + facts.get("reply")));
                }
            }
        }
    }

    private Optional<MessageQueries.Attempt> attempt(AuditRecord each) {
        return attempts.stream()
                .filter(attempt -> each.header("delivery").equals(Integer.toString(attempt.delivery()))
                        && each.header("attempt").equals(Integer.toString(attempt.no())))
                .findFirst();
    }

    private static void components(MessageQueries.Attempt attempt, PrintWriter out) {
        for (JsonNode each : parse(attempt.components())) {
            out.println("    " + each.path("stage").asText() + " > "
                    + each.path("component").asText() + ": "
                    + each.path("micros").asLong() / 1000.0 + " ms");
        }
    }

    private static void dialogue(MessageQueries.Attempt attempt, PrintWriter out) {
        JsonNode result = parse(attempt.result().orElse("{}"));
        out.println("    took " + result.path("millis").asLong() + " ms");
        for (JsonNode line : result.path("dialogue")) {
            out.println("      " + line.asText());
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an attempt in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
