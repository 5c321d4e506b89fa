package io.sendport.cli.demo;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.operate.MessageHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The facts about the demo's message, read from ledger and message box through the public API. */
final class DemoStory {

    private final MessageHistory story;

    DemoStory(MessageHistory story) {
        this.story = story;
    }

    private MessageHistory.Event event(Kind kind) {
        return story.events().stream()
                .filter(each -> each.record().is(kind))
                .findFirst()
                .orElseThrow();
    }

    private AuditRecord of(Kind kind) {
        return event(kind).record();
    }

    String pipeline() {
        AuditRecord started = of(Kind.ATTEMPT_STARTED);
        List<String> steps = new ArrayList<>();
        for (MessageHistory.Step each : event(Kind.ATTEMPT_STARTED).steps()) {
            long millis = Math.max(1, each.took().toMillis());
            if (each.component().equals("smime")) {
                steps.add("smime signed (" + signature(started) + "), encrypted (" + cipher(started) + ") for "
                        + recipient(started) + " " + millis + " ms");
            } else if (!each.component().equals("seal")) {
                steps.add(each.component() + " " + millis + " ms");
            }
        }
        return String.join(" > ", steps);
    }

    /** Turns {@code clear RSA SHA-256} into {@code RSA, SHA-256}. */
    private static String signature(AuditRecord started) {
        String recorded = started.detail("smime.signature");
        return recorded.substring(recorded.indexOf(' ') + 1).replace(" ", ", ");
    }

    /** Turns {@code aes256-cbc, RSA} into {@code AES-256}. */
    private static String cipher(AuditRecord started) {
        return started.detail("smime.encryption").replaceAll("-.*", "").replace("aes", "AES-");
    }

    private static String recipient(AuditRecord each) {
        return each.secret().get("recipients") instanceof List<?> list && list.get(0) instanceof Map<?, ?> first
                ? String.valueOf(first.get("address"))
                : "";
    }

    String relay() {
        return of(Kind.ACCEPTED).detail("relay");
    }

    String queueId() {
        return of(Kind.ACCEPTED).detail("queueId");
    }

    String reply() {
        return of(Kind.ACCEPTED).secret().get("recipients") instanceof List<?> list
                        && list.get(0) instanceof Map<?, ?> first
                ? String.valueOf(first.get("reply"))
                : "";
    }

    String subject() {
        return of(Kind.ATTEMPT_STARTED).detail("subject");
    }

    String sha256() {
        return of(Kind.ACCEPTED).header("sha256");
    }

    long attemptMillis() {
        return event(Kind.ACCEPTED).took().map(Duration::toMillis).orElse(0L);
    }
}
