package io.sendport.host.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The history of a message, from the ledger and the message box, so that no log file is needed.
 *
 * @param message its present data
 * @param events its events, in order
 */
public record MessageHistory(MessageDetails message, List<Event> events) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A ledger record, with details from the message box.
     *
     * @param record the ledger's record
     * @param steps the pipeline's steps, for the start of an attempt
     * @param took the duration, for the end of an attempt
     * @param dialogue its lines without credentials and content, for the end of an attempt
     */
    public record Event(AuditRecord record, List<Step> steps, Optional<Duration> took, List<String> dialogue) {}

    /**
     * A pipeline component that ran.
     *
     * @param stage its stage
     * @param component its name
     * @param took its duration
     */
    public record Step(String stage, String component, Duration took) {}

    static Event event(AuditRecord record, List<MessageQueries.Attempt> attempts) {
        Optional<MessageQueries.Attempt> attempt = attempts.stream()
                .filter(each -> record.header("delivery").equals(Integer.toString(each.delivery()))
                        && record.header("attempt").equals(Integer.toString(each.no())))
                .findFirst();
        if (attempt.isEmpty()) {
            return new Event(record, List.of(), Optional.empty(), List.of());
        }
        if (record.is(Kind.ATTEMPT_STARTED)) {
            return new Event(record, steps(attempt.get()), Optional.empty(), List.of());
        }
        JsonNode result = parse(attempt.get().result().orElse("{}"));
        List<String> dialogue = new ArrayList<>();
        result.path("dialogue").forEach(line -> dialogue.add(line.asText()));
        return new Event(
                record,
                List.of(),
                Optional.of(Duration.ofMillis(result.path("millis").asLong())),
                dialogue);
    }

    private static List<Step> steps(MessageQueries.Attempt attempt) {
        List<Step> steps = new ArrayList<>();
        parse(attempt.components())
                .forEach(each -> steps.add(new Step(
                        each.path("stage").asText(),
                        each.path("component").asText(),
                        Duration.ofNanos(each.path("micros").asLong() * 1_000))));
        return steps;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an attempt in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
