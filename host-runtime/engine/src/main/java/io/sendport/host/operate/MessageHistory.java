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
 * The history of a message, from the ledger and the message box. It replaces a search in log files.
 *
 * @param message the current data of the message
 * @param events the events, in order
 */
public record MessageHistory(MessageDetails message, List<Event> events) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A ledger record, with details from the message box.
     *
     * @param record the record
     * @param steps the steps of the pipeline, for the start of an attempt; otherwise empty
     * @param took the duration of the attempt, for its end; otherwise empty
     * @param dialogue the lines of the dialogue without credentials and content, for the end of an attempt; otherwise empty
     */
    public record Event(AuditRecord record, List<Step> steps, Optional<Duration> took, List<String> dialogue) {}

    /**
     * A run of a pipeline component.
     *
     * @param stage the stage
     * @param component the name of the component
     * @param took the duration
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
